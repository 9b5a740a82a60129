import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { guardianLinked } from './events.ts'
import { findLink, insertLink, type LinkRow } from './queries.ts'

/** Links a parent to a child; that it is there already changes nothing. */
export async function linkChild(
  tx: Tx,
  cause: Cause,
  link: { parentId: string; childId: string },
): Promise<LinkRow> {
  if (await insertLink(tx, { ...link, at: cause.at })) await publish(tx, guardianLinked, link, cause)
  const found = await findLink(tx, link)
  if (!found) throw new Error('The link that was made is not there.')
  return found
}
