import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { deleteBlock } from './block-queries.ts'
import { personUnblocked } from './events.ts'

/** Takes back a block; what it ended stays ended. */
export async function unblockPerson(tx: Tx, actor: Actor, blockedId: string): Promise<void> {
  const block = { blockerId: actor.userId, blockedId }
  if (!(await deleteBlock(tx, block))) throw refuse(notFound)
  await publish(tx, personUnblocked, block, actor)
}
