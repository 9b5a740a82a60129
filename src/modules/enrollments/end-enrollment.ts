import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { refuse } from '../../platform/http/refusal.ts'
import { endStanding } from './entitlement-queries.ts'
import { enrollmentClosed } from './errors.ts'
import { enrollmentCancelled } from './events.ts'
import { type EnrollmentRow, lockUnfinishedOf, moveEnrollment } from './queries.ts'

/** Ends a live enrollment, which the caller has locked; a completed one ends with its last entitlement only. */
export async function endEnrollment(
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

/** Ends what was bought with an enrollment that its student gave up: it cannot be taken up again for nothing. */
export async function endGivenUp(
  tx: Tx,
  cause: Cause,
  { id, course_id: courseId, user_id: userId }: EnrollmentRow,
): Promise<void> {
  if (!(await endStanding(tx, { enrollmentId: id, reason: 'cancelled_by_admin' }, cause))) return
  await publish(tx, enrollmentCancelled, { enrollmentId: id, courseId, userId }, cause)
}

/** Nobody is left to take these courses. What was completed stays: that it was is what a certificate tells. */
export async function endEnrollmentsOf(tx: Tx, cause: Cause, userId: string): Promise<void> {
  for (const enrollment of await lockUnfinishedOf(tx, userId))
    await endEnrollment(tx, cause, { enrollment, reason: 'user_deleted' })
}
