import { Type } from 'typebox'
import type { NotificationKind } from '../../platform/database/schema.ts'

interface KindTraits {
  /** Where a person chose nothing. */
  readonly inApp: boolean
  readonly email: boolean
  /** Cannot be switched off, and is mailed even to an address that is not verified yet. Its mails have no words by strangers. */
  readonly essential?: true
  /** Mailed at once, also to those who have the rest gathered in a digest; what is essential always is. */
  readonly urgent?: true
  /** Not mailed before, and then only if it is still unread. */
  readonly mailAfterSeconds?: number
  /** For people. */
  readonly about: string
}

export const kinds = {
  enrollment: { inApp: true, email: true, about: 'Enrollments that begin or end' },
  payment: { inApp: true, email: true, essential: true, about: 'Payments and refunds' },
  course_published: { inApp: true, email: true, about: 'Courses that open' },
  lesson_added: { inApp: true, email: true, about: 'New lessons' },
  certificate: { inApp: true, email: true, about: 'Certificates' },
  // Who has just handed it in is looking at the result.
  quiz_result: { inApp: true, email: false, about: 'Results of quizzes and exams' },
  message: { inApp: true, email: true, mailAfterSeconds: 300, about: 'Messages that wait' },
  friend_request: { inApp: true, email: true, about: 'Requests of friendship' },
  missed_call: { inApp: true, email: false, about: 'Missed calls' },
  reminder: { inApp: true, email: true, urgent: true, about: 'Reminders' },
  child: { inApp: true, email: true, about: 'Certificates and results of own children' },
  moderation: {
    inApp: true,
    email: true,
    essential: true,
    about: 'What the school decides about own courses',
  },
  webhook: { inApp: true, email: true, urgent: true, about: 'Webhooks that were disabled' },
  security: { inApp: true, email: true, essential: true, about: 'The safety of the account' },
} as const satisfies Readonly<Record<NotificationKind, KindTraits>>

export const kindNames = Object.keys(kinds) as NotificationKind[]
export const Kind = Type.Enum([...kindNames])

export function traitsOf(kind: NotificationKind): KindTraits {
  return kinds[kind]
}

export function isKind(text: string): text is NotificationKind {
  return Object.hasOwn(kinds, text)
}
