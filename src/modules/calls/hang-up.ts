import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { finishCall } from './finish-call.ts'
import { type CallRow, lockCall } from './queries.ts'
import { endedBy, isLive } from './rules.ts'

/**
 * Either side ends a call, from whichever device: the call is the person's.
 * @returns the call where this ended it, null where it was over before
 */
export async function hangUp(tx: Tx, actor: Actor, callId: string): Promise<CallRow | null> {
  const call = await lockCall(tx, callId)
  if (!call) throw refuse(notFound)
  const { caller_id, callee_id, state } = call
  if (actor.userId !== caller_id && actor.userId !== callee_id) throw refuse(notFound)
  if (!isLive(state)) return null
  const side = actor.userId === caller_id ? 'caller' : 'callee'
  return (await finishCall(tx, actor, { call, ...endedBy(side, state) })) ?? null
}
