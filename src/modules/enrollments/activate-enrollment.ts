import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import type { EnrollmentSource } from '../../platform/database/schema.ts'
import { publish } from '../../platform/events/events.ts'
import { enrollmentActivated } from './events.ts'
import { findEnrollment, moveEnrollment } from './queries.ts'
import { isEnrolled } from './rules.ts'

/** `impossible`: it is cancelled, or there is none; whoever paid for it is to get the money back. */
export type Activation = 'activated' | 'active_already' | 'impossible'

/**
 * Gives access. Called in the transaction that makes it due (a capture, a grant), as often as one likes.
 * @param input.reason goes into the history: `paid`, `granted` …
 */
export async function activateEnrollment(
  tx: Tx,
  cause: Cause,
  input: { enrollmentId: string; source: EnrollmentSource; reason: string },
): Promise<Activation> {
  const { enrollmentId, source, reason } = input
  const move = { id: enrollmentId, from: 'pending', to: 'active', source, reason } as const
  const moved = await moveEnrollment(tx, move, cause)
  if (!moved) {
    const there = await findEnrollment(tx, enrollmentId)
    return isEnrolled(there?.status) ? 'active_already' : 'impossible'
  }
  const fact = { enrollmentId, courseId: moved.course_id, userId: moved.user_id }
  await publish(tx, enrollmentActivated, fact, cause)
  return 'activated'
}
