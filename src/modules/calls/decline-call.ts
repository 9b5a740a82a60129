import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { callOver, callTaken } from './errors.ts'
import { finishCall } from './finish-call.ts'
import { type CallRow, lockCall } from './queries.ts'

/** The called person declines, on all devices. @returns the call where it was declined by this, null where it was before */
export async function declineCall(tx: Tx, actor: Actor, callId: string): Promise<CallRow | null> {
  const call = await lockCall(tx, callId)
  if (call?.callee_id !== actor.userId) throw refuse(notFound)
  const declined = await finishCall(tx, actor, { call, to: 'declined', reason: 'declined' })
  if (declined) return declined
  if (call.state === 'declined') return null
  throw refuse(call.state === 'active' ? callTaken : callOver)
}
