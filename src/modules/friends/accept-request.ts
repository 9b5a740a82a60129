import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { friendAccepted } from './events.ts'
import { lockRequest, type PairRow, updateAccepted } from './queries.ts'

/** Accepts a request to oneself; asked again, it is as accepted as before. */
export async function acceptRequest(tx: Tx, actor: Actor, id: string): Promise<void> {
  const pair = await lockRequest(tx, id)
  if (pair?.to_id !== actor.userId) throw refuse(notFound)
  if (!pair.accepted_at) await becomeFriends(tx, actor, pair)
}

/** Makes a request that is held a friendship. */
export async function becomeFriends(tx: Tx, actor: Actor, { id, from_id, to_id }: PairRow): Promise<void> {
  await updateAccepted(tx, id, actor.at)
  await publish(tx, friendAccepted, { requestId: id, fromId: from_id, toId: to_id }, actor)
}
