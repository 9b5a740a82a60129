import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { finishCall } from './finish-call.ts'
import { type CallRow, findCall } from './queries.ts'

/**
 * Nobody took a call in time.
 * @returns the missed call, also where it had been ended so before: who runs this again tells it again
 */
export async function expireCall(tx: Tx, cause: Cause, callId: string): Promise<CallRow | undefined> {
  const call = { id: callId, state: 'ringing' as const }
  const missed = await finishCall(tx, cause, { call, to: 'missed', reason: 'timeout' })
  if (missed) return missed
  const before = await findCall(tx, callId)
  return before?.state === 'missed' ? before : undefined
}
