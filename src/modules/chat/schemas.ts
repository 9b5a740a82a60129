import { type Static, Type } from 'typebox'
import { pageQuery } from '../../platform/http/pagination.ts'
import { Closed, Page, Time } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { PersonSummary } from '../accounts/index.ts'
import { Media } from '../media/index.ts'

const Sequence = Type.Integer({
  minimum: 0,
  maximum: 2_147_483_647,
  description: 'The number of a message in its conversation.',
  examples: [42],
})

/** Something to read; of control characters, only the ends of lines and tabs. */
const Text = Type.String({
  maxLength: 4_000,
  pattern: '^(?=[^]*\\S)(?:[^\\p{Cc}]|[\\t\\n\\r])+$',
  description: 'Plain text. White space around it is cut off.',
  examples: ['See you at four.'],
})
const ClientId = Type.String({
  pattern: '^[\\x21-\\x7e]{1,100}$',
  description:
    'Of your making, another for each message: one that is sent again with it is the same message.',
  examples: ['7f9c24e8-3b12-4fef-91e0-56a2d5a4c1b7'],
})

const content = {
  text: Type.Optional(Text),
  mediaId: Type.Optional({ ...Id, description: 'A file that you uploaded. With it, `text` is optional.' }),
  clientId: ClientId,
}
export const NewMessage = Closed(content)
export const SocketMessage = Closed({ to: Id, ...content })

export const Message = Type.Object({
  id: Id,
  sequence: Sequence,
  from: Id,
  to: Id,
  text: Type.Optional(Type.String()),
  media: Type.Optional(Media),
  erased: Type.Optional(Type.Boolean({ description: 'Its sender has left, and taken along what it said.' })),
  clientId: Type.String(),
  createdAt: Time,
  readAt: Type.Optional(Time),
})
export type Message = Static<typeof Message>

const Limit = pageQuery.limit
export const HistoryQuery = Closed({
  limit: Limit,
  before: Type.Optional({ ...Sequence, description: 'Only what was said before this message.' }),
  after: Type.Optional({
    ...Sequence,
    description: 'Only what was said after this message: what was missed while away.',
  }),
  cursor: Type.Optional({ ...Sequence, description: 'The `nextCursor` of the page before.' }),
})
export const MessageList = Page(Message)

export const Conversation = Type.Object({
  id: Id,
  user: { ...PersonSummary, description: 'The other one.' },
  lastMessage: Message,
  unread: Type.Integer({ minimum: 0 }),
  readUpTo: { ...Sequence, description: 'The last message that one has read.' },
  canWrite: Type.Boolean(),
})
export type Conversation = Static<typeof Conversation>
export const ConversationList = Page(Conversation)

export const NewReadMark = Type.Optional(
  Type.Union([
    Closed({ upTo: Type.Optional({ ...Sequence, description: 'Without it: all.' }) }),
    Type.Null(),
  ]),
)
export const SocketReadMark = Closed({ with: Id, upTo: Sequence })
export const ReadMark = Type.Object({ upTo: Sequence, unread: Type.Integer({ minimum: 0 }) })

export const SocketTyping = Closed({ to: Id, typing: Type.Boolean() })
