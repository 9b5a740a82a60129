export { beginEnrollment } from './begin-enrollment.ts'
export { completeEnrollment } from './complete-enrollment.ts'
export { enroll } from './enroll.ts'
export { isPurchaseEnded } from './entitlement-queries.ts'
export { addEntitlement, revokeEntitlement } from './entitlements.ts'
export { alreadyEnrolled } from './errors.ts'
export { enrollmentActivated, enrollmentCancelled, enrollmentCompleted, enrollmentCreated } from './events.ts'
export { findReadable } from './find-readable.ts'
export {
  type EnrollmentMoment,
  findActiveOf,
  findOfAge,
  findPendingSince,
  findStates,
} from './moment-queries.ts'
export { presentEnrollment } from './present.ts'
export {
  completions,
  type EnrollmentRow,
  findEnrolled,
  findEnrolledOf,
  findEnrollment,
  findEnrollmentsOfUser,
  findLiveEnrollment,
  findLiveEnrollmentsIn,
  holdLiveEnrollments,
  liveEnrollments,
  lockEnrollment,
  lockLiveEnrollment,
  placements,
  sharesCourse,
} from './queries.ts'
export { findRoster, type RosterFilter, type RosterRow } from './roster-queries.ts'
export { isEnrolled, pendingHours } from './rules.ts'
export { Enrollment, EnrollmentStatus, IdempotencyHeader } from './schemas.ts'
