import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { badField, notFound, refuse } from '../../platform/http/refusal.ts'
import { findRole } from '../accounts/index.ts'
import { insertBlock } from './block-queries.ts'
import { friendRemoved, personBlocked } from './events.ts'
import { deletePair, lockPair, lockTwoPeople } from './queries.ts'

/** Wants to hear nothing of somebody any more: friendship and requests go with it. @returns whether it is new */
export async function blockPerson(tx: Tx, actor: Actor, blockedId: string): Promise<boolean> {
  const { userId: blockerId, at } = actor
  if (blockedId === blockerId) throw badField('/userId', 'is your own')
  if (!(await findRole(tx, blockedId))) throw refuse(notFound)
  const people = { userId: blockerId, otherId: blockedId }
  await lockTwoPeople(tx, people)
  if (!(await insertBlock(tx, { blockerId, blockedId, at }))) return false
  const pair = await lockPair(tx, people)
  if (pair) await deletePair(tx, pair.id)
  if (pair?.accepted_at) await publish(tx, friendRemoved, { userId: blockerId, friendId: blockedId }, actor)
  await publish(tx, personBlocked, { blockerId, blockedId }, actor)
  return true
}
