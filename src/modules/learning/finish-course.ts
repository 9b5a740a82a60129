import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { completeEnrollment, type EnrollmentRow } from '../enrollments/index.ts'
import { insertCompletion } from './fact-queries.ts'
import { isDone, type Study } from './study.ts'

/**
 * Completes the enrollment, which the caller has locked, where all lessons are done and the exam is passed. Since whoever does the
 * last thing holds the row, one of them finds it done, and the fact is stated once.
 */
export async function finishCourse(
  tx: Tx,
  cause: Cause,
  { enrollment, study }: { enrollment: EnrollmentRow; study: Study },
): Promise<void> {
  if (enrollment.status !== 'active' || !isDone(study)) return
  const enrollmentId = enrollment.id
  const completed = await completeEnrollment(tx, cause, { enrollmentId, reason: 'all_done' })
  if (completed) await insertCompletion(tx, { enrollmentId, at: cause.at })
}
