import type { Actor } from '../../platform/actor.ts'
import type { Db } from '../../platform/database/database.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { callNotActive, callTaken } from './errors.ts'
import { findSeat } from './queries.ts'

/**
 * The device at the other end of an active call, for the device of the actor that takes part in it: nobody else gets to know it.
 * A call that is over is as one that never was.
 */
export async function requireOtherDevice(
  db: Db,
  actor: Actor,
  { callId, socketId }: { callId: string; socketId: string },
): Promise<string> {
  const seat = await findSeat(db, { callId, userId: actor.userId })
  if (!seat) throw refuse(notFound)
  if (seat.state !== 'active' || seat.other_socket_id === null) throw refuse(callNotActive)
  if (seat.socket_id !== socketId) throw refuse(callTaken)
  return seat.other_socket_id
}
