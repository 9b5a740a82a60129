import type { Actor, Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { type CourseFactsRow, findCourseFacts } from '../catalogue/index.ts'
import { enrollmentClosed } from './errors.ts'
import { enrollmentCancelled } from './events.ts'
import { requireCanceller } from './policy.ts'
import { type EnrollmentRow, lockEnrollment, moveEnrollment } from './queries.ts'

/** A student gives an enrollment up, or an admin ends it. Cancelled again, it stays as it is; a completed one cannot be given up. */
export async function cancelEnrollment(
  tx: Tx,
  actor: Actor,
  enrollmentId: string,
): Promise<{ enrollment: EnrollmentRow; course: CourseFactsRow }> {
  const enrollment = await lockEnrollment(tx, enrollmentId)
  const course = enrollment && (await findCourseFacts(tx, enrollment.course_id))
  if (!enrollment || !course) throw refuse(notFound)
  requireCanceller(actor, enrollment, course)
  if (enrollment.status === 'cancelled') return { enrollment, course }
  const reason = actor.userId === enrollment.user_id ? 'cancelled_by_student' : 'cancelled_by_admin'
  return { enrollment: await endEnrollment(tx, actor, { enrollment, reason }), course }
}

/** Ends a live enrollment, which the caller has locked. */
async function endEnrollment(
  tx: Tx,
  cause: Cause,
  { enrollment, reason }: { enrollment: EnrollmentRow; reason: string },
): Promise<EnrollmentRow> {
  const { id, status, course_id: courseId, user_id: userId } = enrollment
  if (status === 'completed') throw refuse(enrollmentClosed)
  const moved = await moveEnrollment(tx, { id, from: status, to: 'cancelled', reason }, cause)
  await publish(tx, enrollmentCancelled, { enrollmentId: id, courseId, userId }, cause)
  return moved ?? enrollment
}
