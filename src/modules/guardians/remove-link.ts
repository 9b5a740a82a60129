import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { guardianRemoved } from './events.ts'
import { deleteLink } from './queries.ts'

/** Ends a link, whichever side (or admin) asks. */
export async function removeLink(
  tx: Tx,
  actor: Actor,
  link: { parentId: string; childId: string },
): Promise<void> {
  if (!(await deleteLink(tx, link))) throw refuse(notFound)
  await publish(tx, guardianRemoved, link, actor)
}
