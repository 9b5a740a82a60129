import { Type } from 'typebox'
import { defineEvent } from '../../platform/events/events.ts'
import { Id } from '../../platform/ids.ts'

/** The first message of a conversation that its recipient has not read: those that follow before they do are not told of. */
export const messageWaiting = defineEvent(
  'message.waiting',
  Type.Object({ conversationId: Id, messageId: Id, fromId: Id, toId: Id }),
)

/** Somebody has read all that waited for them in a conversation. */
export const conversationRead = defineEvent(
  'conversation.read',
  Type.Object({ conversationId: Id, userId: Id }),
)
