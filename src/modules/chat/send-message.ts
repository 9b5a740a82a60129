import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { idempotencyMismatch } from '../../platform/http/idempotency.ts'
import { badField, notFound, refuse } from '../../platform/http/refusal.ts'
import { requireUsableMedia } from '../media/index.ts'
import { messageWaiting } from './events.ts'
import { insertMessage, type MessageRow } from './message-queries.ts'
import { type ConversationRow, insertConversation, lockConversation, type TwoPeople } from './queries.ts'
import { tidyText } from './rules.ts'

interface Draft {
  readonly to: string
  readonly text?: string
  readonly mediaId?: string
  readonly clientId: string
}

/** Says something to somebody within reach. Said again under the same client id, it is the same message. */
export async function sendMessage(
  tx: Tx,
  actor: Actor,
  { to, clientId, ...said }: Draft,
): Promise<{ message: MessageRow; isNew: boolean }> {
  const { userId, at } = actor
  const text = said.text === undefined ? null : tidyText(said.text)
  const mediaId = said.mediaId ?? null
  if (text === null && mediaId === null) throw badField('/text', 'is required where there is no mediaId')

  const conversation = await requireConversation(tx, { userId, otherId: to }, at)
  if (mediaId !== null) await requireOwnMedia(tx, actor, mediaId)
  const inserted = await insertMessage(tx, {
    conversationId: conversation.id,
    senderId: userId,
    to,
    clientId,
    text,
    mediaId,
    at,
  })
  if (!inserted) throw refuse(notFound)
  const { unread, ...message } = inserted
  if (message.text !== text || message.media_id !== mediaId)
    throw refuse(idempotencyMismatch, 'This clientId was used for another message.')
  if (unread === 1) {
    const fact = { conversationId: conversation.id, messageId: message.id, fromId: userId, toId: to }
    await publish(tx, messageWaiting, fact, actor)
  }
  return { message, isNew: unread !== null }
}

/** The conversation with somebody within reach, held; it begins with the first message. */
async function requireConversation(tx: Tx, people: TwoPeople, at: Date): Promise<ConversationRow> {
  let conversation = await lockConversation(tx, people)
  if (!conversation) {
    await insertConversation(tx, people, at)
    conversation = await lockConversation(tx, people)
  }
  if (!conversation?.reachable) throw refuse(notFound)
  return conversation
}

async function requireOwnMedia(tx: Tx, actor: Actor, mediaId: string): Promise<void> {
  const media = await requireUsableMedia(tx, actor, mediaId)
  // Admins may use anybody's file in a course, not send it as theirs.
  if (media.user_id !== actor.userId) throw badField('/mediaId', 'is no file that you uploaded')
}
