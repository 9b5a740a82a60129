import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { type CourseFactsRow, findCourseFacts } from '../catalogue/index.ts'
import { endEnrollment, endGivenUp } from './end-enrollment.ts'
import { requireCanceller } from './policy.ts'
import { type EnrollmentRow, lockEnrollment } from './queries.ts'

/**
 * A student gives an enrollment up, and keeps what they bought; or an admin ends it, and what was bought with it, also after the
 * student gave it up. Cancelled again, it stays as it is; a completed one cannot be given up.
 */
export async function cancelEnrollment(
  tx: Tx,
  actor: Actor,
  enrollmentId: string,
): Promise<{ enrollment: EnrollmentRow; course: CourseFactsRow }> {
  const enrollment = await lockEnrollment(tx, enrollmentId)
  const course = enrollment && (await findCourseFacts(tx, enrollment.course_id))
  if (!enrollment || !course) throw refuse(notFound)
  requireCanceller(actor, enrollment, course)
  const reason = actor.userId === enrollment.user_id ? 'cancelled_by_student' : 'cancelled_by_admin'
  if (enrollment.status === 'cancelled') {
    if (reason === 'cancelled_by_admin') await endGivenUp(tx, actor, enrollment)
    return { enrollment, course }
  }
  return { enrollment: await endEnrollment(tx, actor, { enrollment, reason }), course }
}
