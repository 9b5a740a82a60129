import { type Static, Type } from 'typebox'
import { pageQuery } from '../../platform/http/pagination.ts'
import { Closed, Page, Time } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { PersonSummary } from '../accounts/index.ts'

export const NewRequest = Closed({ userId: Id })
export const RequestQuery = Closed({
  ...pageQuery,
  direction: Type.Optional(Type.Enum(['incoming', 'outgoing'], { default: 'incoming' })),
})

export const Friend = Type.Object({ user: PersonSummary, since: Time })
export type Friend = Static<typeof Friend>
export const FriendList = Page(Friend)

export const FriendRequest = Type.Object({
  id: Id,
  from: Id,
  to: Id,
  user: { ...PersonSummary, description: 'The other one of the two.' },
  createdAt: Time,
  friend: Type.Optional({ ...Friend, description: 'Where this made them friends.' }),
})
export type FriendRequest = Static<typeof FriendRequest>
export const FriendRequestList = Page(FriendRequest)

export const Block = Type.Object({ user: PersonSummary, since: Time })
export type Block = Static<typeof Block>
export const BlockList = Page(Block)
