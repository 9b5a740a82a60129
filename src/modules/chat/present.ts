import type { Config } from '../../platform/config.ts'
import { type PersonCard, presentPerson } from '../accounts/index.ts'
import { presentMedia } from '../media/index.ts'
import type { MessageRow } from './message-queries.ts'
import type { ConversationRow } from './queries.ts'
import type { Conversation, Message } from './schemas.ts'

interface View {
  readonly people: readonly [string, string]
  /** From when the address of a file is valid. */
  readonly at: Date
}

export function presentMessage(message: MessageRow, { people, at }: View, config: Config): Message {
  const { id, sequence, sender_id: from, text, media, erased, read_at } = message
  const [one, other] = people
  return {
    id,
    sequence,
    from,
    to: from === one ? other : one,
    ...(text === null ? {} : { text }),
    ...(media ? { media: presentMedia(media, config, at) } : {}),
    ...(erased ? { erased } : {}),
    clientId: message.client_id,
    createdAt: message.created_at,
    ...(read_at ? { readAt: read_at } : {}),
  }
}

export function presentConversation(
  conversation: ConversationRow & { readonly person: PersonCard; readonly lastMessage: MessageRow },
  view: View,
  config: Config,
): Conversation {
  const { id, person, lastMessage, unread, read_up_to, reachable } = conversation
  return {
    id,
    user: presentPerson(person, config),
    lastMessage: presentMessage(lastMessage, view, config),
    unread,
    readUpTo: read_up_to,
    canWrite: reachable,
  }
}
