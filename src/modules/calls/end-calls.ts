import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { addJob } from '../../platform/jobs/jobs.ts'
import { finishCall } from './finish-call.ts'
import { type CallRow, lockLiveCallsOf } from './queries.ts'
import { tellEnd } from './queued.ts'
import { type EndReason, endedFor, isLive } from './rules.ts'

/** Somebody may call nobody any more: the call they are in ends. */
export async function endCallsOf(tx: Tx, cause: Cause, userId: string): Promise<void> {
  for (const call of await lockLiveCallsOf(tx, [userId])) await endNow(tx, cause, call, 'gone')
}

/** Two people have nothing to say to each other any more: the call between them ends. */
export async function endCallBetween(
  tx: Tx,
  cause: Cause,
  [one, other]: readonly [string, string],
): Promise<void> {
  for (const call of await lockLiveCallsOf(tx, [one])) {
    const people = [call.caller_id, call.callee_id]
    if (people.includes(one) && people.includes(other)) await endNow(tx, cause, call, 'blocked')
  }
}

async function endNow(tx: Tx, cause: Cause, call: CallRow, reason: EndReason): Promise<void> {
  if (!isLive(call.state)) return
  const ended = await finishCall(tx, cause, { call, to: endedFor(reason, call.state), reason })
  if (ended) await addJob(tx, tellEnd, { callId: ended.id })
}
