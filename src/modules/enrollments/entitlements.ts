import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import {
  type Entitlement,
  hasLiveEntitlement,
  insertEntitlement,
  revokeOne,
  updateGivenUp,
} from './entitlement-queries.ts'
import { enrollmentActivated, enrollmentCancelled } from './events.ts'
import { type EnrollmentRow, lockEnrollment, moveEnrollment } from './queries.ts'
import { canBecome } from './rules.ts'

interface EntitlementOf extends Entitlement {
  readonly enrollmentId: string
  /** Goes into the history where the state changes: `paid`, `refunded` … */
  readonly reason: string
}

/** `impossible`: it is cancelled, or there is none; nothing was noted, and whoever paid for it is to get the money back. */
export type Addition = 'activated' | 'active_already' | 'impossible'

/**
 * Notes a reason for which a person may use the course, and gives access if they had none. Called in the transaction that makes it
 * due (a capture, a grant), as often as one likes: the same source and reference count once.
 */
export async function addEntitlement(tx: Tx, cause: Cause, input: EntitlementOf): Promise<Addition> {
  const enrollment = await lockEnrollment(tx, input.enrollmentId)
  if (!enrollment || enrollment.status === 'cancelled') return 'impossible'
  return (await entitle(tx, cause, { ...input, enrollment })).addition
}

/** The same for an enrollment that the caller holds locked and that is not cancelled. */
export async function entitle(
  tx: Tx,
  cause: Cause,
  input: Omit<EntitlementOf, 'enrollmentId'> & { enrollment: EnrollmentRow },
): Promise<{ enrollment: EnrollmentRow; addition: 'activated' | 'active_already' }> {
  const { enrollment, source, reference, reason } = input
  await insertEntitlement(tx, { enrollmentId: enrollment.id, source, reference }, cause)
  if (enrollment.status !== 'pending') return { enrollment, addition: 'active_already' }
  const move = { id: enrollment.id, from: 'pending', to: 'active', source, reason } as const
  const moved = await moveEnrollment(tx, move, cause)
  await publish(tx, enrollmentActivated, factOf(enrollment), cause)
  return { enrollment: moved ?? enrollment, addition: 'activated' }
}

/** `kept`: another entitlement is left. `nothing`: there was no such entitlement (any more). */
export type Revocation = 'cancelled' | 'kept' | 'nothing'

/**
 * Takes one reason back, such as a purchase that was refunded. Access ends with the last one, also to a completed course; when it was
 * completed stays on record.
 */
export async function revokeEntitlement(tx: Tx, cause: Cause, input: EntitlementOf): Promise<Revocation> {
  const { enrollmentId, reason } = input
  const enrollment = await lockEnrollment(tx, enrollmentId)
  if (!enrollment) return 'nothing'
  if (!(await revokeOne(tx, input, { reason, cause }))) {
    if (input.reference !== null) await updateGivenUp(tx, input.reference, reason)
    return 'nothing'
  }
  if (!canBecome(enrollment.status, 'cancelled') || (await hasLiveEntitlement(tx, enrollmentId)))
    return 'kept'
  await moveEnrollment(tx, { id: enrollmentId, from: enrollment.status, to: 'cancelled', reason }, cause)
  await publish(tx, enrollmentCancelled, factOf(enrollment), cause)
  return 'cancelled'
}

function factOf({ id, course_id, user_id }: EnrollmentRow) {
  return { enrollmentId: id, courseId: course_id, userId: user_id }
}
