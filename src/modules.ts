import { accounts } from './modules/accounts/module.ts'
import { assessments } from './modules/assessments/module.ts'
import { assistant } from './modules/assistant/module.ts'
import { calls } from './modules/calls/module.ts'
import { catalogue } from './modules/catalogue/module.ts'
import { certificates } from './modules/certificates/module.ts'
import { chat } from './modules/chat/module.ts'
import { enrollments } from './modules/enrollments/module.ts'
import { friends } from './modules/friends/module.ts'
import { guardians } from './modules/guardians/module.ts'
import { learning } from './modules/learning/module.ts'
import { media } from './modules/media/module.ts'
import { notifications } from './modules/notifications/module.ts'
import { operations } from './modules/operations/module.ts'
import { payments } from './modules/payments/module.ts'
import { presence } from './modules/presence/module.ts'
import { reminders } from './modules/reminders/module.ts'
import { reports } from './modules/reports/module.ts'
import { reviews } from './modules/reviews/module.ts'
import { webhooks } from './modules/webhooks/module.ts'
import type { Module } from './platform/module.ts'

/** THE list of modules. Its order is the dependency order: a module may import those before it, through their `index.ts`. */
export const modules: readonly Module[] = [
  accounts,
  guardians,
  media,
  catalogue,
  enrollments,
  reviews,
  payments,
  learning,
  assessments,
  certificates,
  friends,
  chat,
  presence,
  calls,
  notifications,
  reminders,
  assistant,
  reports,
  webhooks,
  operations,
]
