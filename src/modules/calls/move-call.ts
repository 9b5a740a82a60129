import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { callNotActive, callOver } from './errors.ts'
import { type CallRow, lockCall, updateDevice } from './queries.ts'

/**
 * A device of a person takes their part in a call over.
 * @returns `before`: the device that had it
 */
export async function moveCall(
  tx: Tx,
  actor: Actor,
  { callId, socketId }: { callId: string; socketId: string },
): Promise<{ call: CallRow; before: string | null }> {
  const { userId, at } = actor
  const call = await lockCall(tx, callId)
  if (!call || (call.caller_id !== userId && call.callee_id !== userId)) throw refuse(notFound)
  if (call.state === 'ringing' && call.callee_id === userId) throw refuse(callNotActive)
  const moved = await updateDevice(tx, { userId, callId, socketId }, at)
  if (!moved) throw refuse(callOver)
  return { call, before: moved.before }
}
