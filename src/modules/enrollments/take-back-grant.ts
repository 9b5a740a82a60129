import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { type CourseFactsRow, findCourseFacts, may } from '../catalogue/index.ts'
import { revokeEntitlement } from './entitlements.ts'
import { grantTakenBack } from './events.ts'
import { type EnrollmentRow, findEnrollment } from './queries.ts'

const granted = ['grant', 'import'] as const

/**
 * An owner takes back what was granted, by hand or by import. Access ends with the last entitlement: who has paid as well keeps it.
 * @throws Refusal 404 where there is no such grant (any more), or the actor may not know of it
 */
export async function takeBackGrant(
  tx: Tx,
  actor: Actor,
  enrollmentId: string,
): Promise<{ enrollment: EnrollmentRow; course: CourseFactsRow }> {
  const found = await findEnrollment(tx, enrollmentId)
  const course = found && (await findCourseFacts(tx, found.course_id))
  if (!course || !may(actor, course, 'admit')) throw refuse(notFound)
  let taken = false
  for (const source of granted) {
    const grant = { enrollmentId, source, reference: null, reason: 'grant_taken_back' }
    if ((await revokeEntitlement(tx, actor, grant)) !== 'nothing') taken = true
  }
  const enrollment = await findEnrollment(tx, enrollmentId)
  if (!taken || !enrollment) throw refuse(notFound, 'Nothing was granted here, or it was taken back.')
  const { course_id: courseId, user_id: userId } = enrollment
  await publish(tx, grantTakenBack, { enrollmentId, courseId, userId }, actor)
  return { enrollment, course }
}
