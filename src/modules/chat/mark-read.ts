import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { conversationRead } from './events.ts'
import { findReachable } from './find-reachable.ts'
import { lockConversation, updateRead } from './queries.ts'

export interface ReadMarkMoved {
  readonly upTo: number
  readonly unread: number
  /** False: it stood there before, or further. */
  readonly isNew: boolean
  /** Whether the other one is to hear of it. */
  readonly isShown: boolean
}

/** Has read what somebody said, up to a message: marks move forward only, and not past the last one. */
export async function markRead(
  tx: Tx,
  actor: Actor,
  { otherId, upTo: wanted }: { otherId: string; upTo: number | undefined },
): Promise<ReadMarkMoved> {
  const { userId, at } = actor
  const conversation = await lockConversation(tx, { userId, otherId })
  if (!conversation) {
    if (!(await findReachable(tx, actor, [otherId])).has(otherId)) throw refuse(notFound)
    return { upTo: 0, unread: 0, isNew: false, isShown: false }
  }
  const { last_sequence, read_up_to, unread, reachable } = conversation
  const upTo = Math.min(wanted ?? last_sequence, last_sequence)
  if (upTo <= read_up_to) return { upTo: read_up_to, unread, isNew: false, isShown: false }
  const left = await updateRead(tx, { conversation, userId, upTo, seenAt: reachable ? at : null })
  if (unread > 0 && left === 0)
    await publish(tx, conversationRead, { conversationId: conversation.id, userId }, actor)
  return { upTo, unread: left, isNew: true, isShown: reachable }
}
