import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { friendRemoved } from './events.ts'
import { deletePair, lockPair } from './queries.ts'

/** Ends a friendship, from either side. */
export async function removeFriend(tx: Tx, actor: Actor, friendId: string): Promise<void> {
  const pair = await lockPair(tx, { userId: actor.userId, otherId: friendId })
  if (!pair?.accepted_at) throw refuse(notFound)
  await deletePair(tx, pair.id)
  await publish(tx, friendRemoved, { userId: actor.userId, friendId }, actor)
}
