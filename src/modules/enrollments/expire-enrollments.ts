import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { enrollmentCancelled } from './events.ts'
import { lockPending, moveEnrollment } from './queries.ts'

/**
 * Ends enrollments that were left pending. Those that somebody is changing at this moment are left for the next time.
 * @returns how many
 */
export async function expireEnrollments(
  tx: Tx,
  cause: Cause,
  which: { before: Date; atOnce: number },
): Promise<number> {
  const pending = await lockPending(tx, which)
  for (const { id, course_id: courseId, user_id: userId } of pending) {
    await moveEnrollment(tx, { id, from: 'pending', to: 'cancelled', reason: 'expired' }, cause)
    await publish(tx, enrollmentCancelled, { enrollmentId: id, courseId, userId }, cause)
  }
  return pending.length
}
