import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { finishCall } from './finish-call.ts'
import { type CallRow, findLastSeen, lockCall } from './queries.ts'
import { endedFor, isLive, whyLost } from './rules.ts'

/** Ends a call where a device of it has not been seen for a while, or which goes on for too long. */
export async function endLostCall(
  tx: Tx,
  cause: Cause,
  { callId, afterSeconds }: { callId: string; afterSeconds: number },
): Promise<CallRow | undefined> {
  const call = await lockCall(tx, callId)
  if (!call || !isLive(call.state)) return undefined
  // Read when the call is held: a device may just have come back.
  const seenAt = await findLastSeen(tx, callId)
  const reason = whyLost({ seenAt, startedAt: call.created_at, at: cause.at, afterSeconds })
  return reason && (await finishCall(tx, cause, { call, to: endedFor(reason, call.state), reason }))
}
