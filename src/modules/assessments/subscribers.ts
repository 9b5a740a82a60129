import { on } from '../../platform/events/events.ts'
import { userDeleted } from '../accounts/index.ts'
import { courseDuplicated } from '../catalogue/index.ts'
import { enrollmentActivated, enrollmentCancelled } from '../enrollments/index.ts'
import { carryPasses } from './carry-passes.ts'
import { closeAttempts } from './close-attempts.ts'
import { copyAssessments } from './copy-assessments.ts'
import { eraseAttempts } from './erase-attempts.ts'

export const assessmentSubscribers = [
  on(userDeleted, 'assessments.erase-attempts', (tx, { payload }) => eraseAttempts(tx, payload.userId)),
  on(enrollmentActivated, 'assessments.carry-passes', (tx, fact) => carryPasses(tx, fact, fact.payload)),
  on(enrollmentCancelled, 'assessments.close-attempts', (tx, fact) =>
    closeAttempts(tx, fact, fact.payload.enrollmentId),
  ),
  on(courseDuplicated, 'assessments.copy', (tx, fact) => copyAssessments(tx, fact, fact.payload)),
]
