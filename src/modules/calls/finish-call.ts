import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import type { CallState } from '../../platform/database/schema.ts'
import { publish } from '../../platform/events/events.ts'
import { callDeclined, callEnded, callMissed } from './events.ts'
import { type CallRow, endCall } from './queries.ts'
import { canBecome, type EndReason, secondsOf } from './rules.ts'

/** Ends a live call and states what that makes of it; undefined where another was faster. */
export async function finishCall(
  tx: Tx,
  cause: Cause,
  end: { call: Pick<CallRow, 'id' | 'state'>; to: CallState; reason: EndReason },
): Promise<CallRow | undefined> {
  const { call, to, reason } = end
  if (!canBecome(call.state, to)) return undefined
  const ended = await endCall(tx, { callId: call.id, from: call.state, to, reason }, cause)
  if (!ended) return undefined
  const fact = { callId: ended.id, from: ended.caller_id, to: ended.callee_id }
  if (to === 'ended') await publish(tx, callEnded, { ...fact, reason, seconds: secondsOf(ended) }, cause)
  else if (to === 'declined') await publish(tx, callDeclined, fact, cause)
  // Whoever blocked the other wants to hear of no call by them.
  else if (reason !== 'blocked') await publish(tx, callMissed, { ...fact, reason }, cause)
  return ended
}
