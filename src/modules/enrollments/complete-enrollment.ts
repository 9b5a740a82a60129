import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { enrollmentCompleted } from './events.ts'
import { type EnrollmentRow, moveEnrollment } from './queries.ts'

/** Completes an active enrollment; undefined, and no second fact, where it is not active (any more). */
export async function completeEnrollment(
  tx: Tx,
  cause: Cause,
  input: { enrollmentId: string; reason: string },
): Promise<EnrollmentRow | undefined> {
  const { enrollmentId, reason } = input
  const move = { id: enrollmentId, from: 'active', to: 'completed', reason } as const
  const moved = await moveEnrollment(tx, move, cause)
  if (!moved) return undefined
  const fact = { enrollmentId, courseId: moved.course_id, userId: moved.user_id }
  await publish(tx, enrollmentCompleted, fact, cause)
  return moved
}
