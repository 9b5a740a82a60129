import type { Db } from '../../platform/database/database.ts'
import { refuse } from '../../platform/http/refusal.ts'
import { type EnrollmentRow, findEnrollment, isEnrolled } from '../enrollments/index.ts'
import { notEnrolled } from '../learning/index.ts'

/** @throws Refusal 403 `not_enrolled` where the enrollment that an attempt belongs to has ended */
export async function requireLive(db: Db, attempt: { enrollment_id: string }): Promise<EnrollmentRow> {
  const enrollment = await findEnrollment(db, attempt.enrollment_id)
  if (!enrollment || !isEnrolled(enrollment.status)) throw refuse(notEnrolled)
  return enrollment
}
