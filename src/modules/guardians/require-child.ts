import type { Actor } from '../../platform/actor.ts'
import type { Db, Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
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
  await publish(tx, childViewed, { parentId: actor.userId, childId, what }, actor)
  return link
}

/** Whether the actor is a parent of that student, for the policies of what parents may see beside others. */
export async function isGuardian(db: Db, actor: Actor, childId: string): Promise<boolean> {
  if (actor.role !== 'parent') return false
  return (await findLink(db, { parentId: actor.userId, childId })) !== undefined
}
