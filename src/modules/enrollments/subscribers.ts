import { on } from '../../platform/events/events.ts'
import { userDeleted } from '../accounts/index.ts'
import { countActivation } from '../catalogue/index.ts'
import { endEnrollmentsOf } from './end-enrollment.ts'
import { enrollmentActivated } from './events.ts'
import { countsActivation } from './queries.ts'

export const enrollmentSubscribers = [
  // Later and not with the enrollment, so that people who enroll in one course do not wait for each other.
  on(enrollmentActivated, countsActivation, (tx, { payload }) => countActivation(tx, payload.courseId)),
  on(userDeleted, 'enrollments.end-deleted', (tx, { payload, userId, at }) =>
    endEnrollmentsOf(tx, { userId, at }, payload.userId),
  ),
]
