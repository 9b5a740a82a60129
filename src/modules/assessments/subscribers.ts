import { on } from '../../platform/events/events.ts'
import { userDeleted } from '../accounts/index.ts'
import { eraseAttempts } from './erase-attempts.ts'

export const assessmentSubscribers = [
  on(userDeleted, 'assessments.erase-attempts', (tx, { payload }) => eraseAttempts(tx, payload.userId)),
]
