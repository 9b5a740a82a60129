import { Type } from 'typebox'
import { defineEvent, defineUnheardEvent } from '../../platform/events/events.ts'
import { Id } from '../../platform/ids.ts'

/** `fromId` is who asked. */
const request = Type.Object({ requestId: Id, fromId: Id, toId: Id })
const block = Type.Object({ blockerId: Id, blockedId: Id })

export const friendRequested = defineEvent('friend.requested', request)
export const friendAccepted = defineEvent('friend.accepted', request)
/** `userId` ended it, by itself or by a block. */
export const friendRemoved = defineEvent('friend.removed', Type.Object({ userId: Id, friendId: Id }))
export const personBlocked = defineEvent('person.blocked', block)
export const personUnblocked = defineUnheardEvent('person.unblocked', block)
