import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { badField, notFound, refuse } from '../../platform/http/refusal.ts'
import { lockActivePerson } from '../accounts/index.ts'
import { becomeFriends } from './accept-request.ts'
import { findBlocked } from './block-queries.ts'
import { alreadyFriends } from './errors.ts'
import { friendRequested } from './events.ts'
import { insertRequest, lockPair, lockTwoPeople } from './queries.ts'

/** Asks somebody to be friends; who was asked by them accepts by it. */
export async function requestFriend(
  tx: Tx,
  actor: Actor,
  toId: string,
): Promise<{ id: string; isNew: boolean }> {
  const { userId: fromId, at } = actor
  if (toId === fromId) throw badField('/userId', 'is your own')
  const people = { userId: fromId, otherId: toId }
  await lockTwoPeople(tx, people)
  if (!(await lockActivePerson(tx, toId))) throw refuse(notFound)
  if ((await findBlocked(tx, fromId, [toId])).has(toId)) throw refuse(notFound)

  const made = await insertRequest(tx, { fromId, toId, at })
  if (made) {
    await publish(tx, friendRequested, { requestId: made.id, fromId, toId }, actor)
    return { id: made.id, isNew: true }
  }
  const pair = await lockPair(tx, people)
  // It was there a moment ago: declined or withdrawn in between, it is made anew.
  if (!pair) return requestFriend(tx, actor, toId)
  if (pair.accepted_at) throw refuse(alreadyFriends)
  if (pair.from_id === fromId) return { id: pair.id, isNew: false }
  await becomeFriends(tx, actor, pair)
  return { id: pair.id, isNew: true }
}
