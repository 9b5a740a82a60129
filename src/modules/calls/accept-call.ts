import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { findReachable } from '../chat/index.ts'
import { callOver, callTaken } from './errors.ts'
import { callAnswered } from './events.ts'
import { acceptRinging, type CallRow, findCall, findSeat } from './queries.ts'

/**
 * The called person takes a call on a device. Of several devices that try at once, one does.
 * @returns `taken` is false where the same device had taken it before
 */
export async function acceptCall(
  tx: Tx,
  actor: Actor,
  { callId, socketId }: { callId: string; socketId: string },
): Promise<{ call: CallRow; taken: boolean }> {
  const { userId } = actor
  const taken = await acceptRinging(tx, { callId, userId, socketId }, actor.at)
  if (taken) {
    // Who was blocked in the moment in which they called rings, but reaches nobody.
    if (!(await findReachable(tx, actor, [taken.caller_id])).has(taken.caller_id)) throw refuse(callOver)
    await publish(tx, callAnswered, { callId, from: taken.caller_id, to: taken.callee_id }, actor)
    return { call: taken, taken: true }
  }
  const call = await findCall(tx, callId)
  if (call?.callee_id !== userId) throw refuse(notFound)
  const seat = await findSeat(tx, { callId, userId })
  if (!seat) throw refuse(callOver)
  if (seat.socket_id !== socketId) throw refuse(callTaken)
  return { call, taken: false }
}
