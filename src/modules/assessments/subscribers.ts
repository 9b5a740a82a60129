import { on } from '../../platform/events/events.ts'
import { userDeleted } from '../accounts/index.ts'
import { courseDuplicated } from '../catalogue/index.ts'
import { copyAssessments } from './copy-assessments.ts'
import { eraseAttempts } from './erase-attempts.ts'

export const assessmentSubscribers = [
  on(userDeleted, 'assessments.erase-attempts', (tx, { payload }) => eraseAttempts(tx, payload.userId)),
  on(courseDuplicated, 'assessments.copy', (tx, fact) => copyAssessments(tx, fact, fact.payload)),
]
