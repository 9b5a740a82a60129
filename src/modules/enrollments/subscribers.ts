import { on } from '../../platform/events/events.ts'
import { countActivation } from '../catalogue/index.ts'
import { enrollmentActivated } from './events.ts'

export const enrollmentSubscribers = [
  // Later and not with the enrollment, so that people who enroll in one course do not wait for each other.
  on(enrollmentActivated, 'enrollments.count-activation', (tx, { payload }) =>
    countActivation(tx, payload.courseId),
  ),
]
