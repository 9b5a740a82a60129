import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publishAll } from '../../platform/events/events.ts'
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

/** Notes that a parent looks at children of theirs: each look is a fact. */
export async function noteLooks(
  tx: Tx,
  actor: Actor,
  { childIds, what }: { childIds: readonly string[]; what: string },
): Promise<void> {
  const looks = childIds.map((childId) => ({ parentId: actor.userId, childId, what }))
  await publishAll(tx, childViewed, looks, actor)
}
