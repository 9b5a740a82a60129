import type { Actor } from '../../platform/actor.ts'
import type { Db } from '../../platform/database/database.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { findReachable } from './find-reachable.ts'
import { findMessages, type MessageRow } from './message-queries.ts'
import { findConversation } from './queries.ts'

/** What was said with somebody: to those who have said something, or could. */
export async function readHistory(
  db: Db,
  actor: Actor,
  which: { otherId: string; after: number; before: number; limit: number },
): Promise<MessageRow[]> {
  const { otherId, ...range } = which
  const conversation = await findConversation(db, { userId: actor.userId, otherId })
  if (conversation) return findMessages(db, { conversationId: conversation.id, ...range })
  if (!(await findReachable(db, actor, [otherId])).has(otherId)) throw refuse(notFound)
  return []
}
