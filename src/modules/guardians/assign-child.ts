import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { badField, notFound, refuse } from '../../platform/http/refusal.ts'
import { findRole } from '../accounts/index.ts'
import { linkChild } from './link-child.ts'
import type { LinkRow } from './queries.ts'

/** An admin, who knows both, links a parent to a student. */
export async function assignChild(
  tx: Tx,
  actor: Actor,
  link: { parentId: string; childId: string },
): Promise<LinkRow> {
  if ((await findRole(tx, link.parentId)) !== 'parent') throw refuse(notFound, 'There is no such parent.')
  if ((await findRole(tx, link.childId)) !== 'student') throw badField('/childId', 'is not a student')
  return linkChild(tx, actor, link)
}
