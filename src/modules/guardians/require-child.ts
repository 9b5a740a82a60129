import type { Actor } from '../../platform/actor.ts'
import type { Db, Tx } from '../../platform/database/database.ts'
import { record } from '../../platform/events/events.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { childViewed } from './events.ts'
import { findLink, type LinkRow } from './queries.ts'

/**
 * Lets a parent look at a child of theirs, and notes that they did. Every other child is as one that never was.
 * @param look.what the part that is shown, for the audit trail: `enrollments`, `progress` …
 */
export async function requireChild(
  tx: Tx,
  actor: Actor,
  look: { childId: string; what: string },
): Promise<LinkRow> {
  const { childId, what } = look
  const link = await findLink(tx, { parentId: actor.userId, childId })
  if (!link) throw refuse(notFound)
  await noteLooks(tx, actor, { childIds: [childId], what })
  return link
}

/** Notes that a parent looks at children of theirs: each look is a fact, and needs no transaction around it. */
export async function noteLooks(
  db: Db,
  actor: Actor,
  { childIds, what }: { childIds: readonly string[]; what: string },
): Promise<void> {
  const looks = childIds.map((childId) => ({ parentId: actor.userId, childId, what }))
  await record(db, childViewed, looks, actor)
}
