import { type Static, Type } from 'typebox'
import { Closed, Time } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'

export const Presence = Type.Object({
  userId: Id,
  online: Type.Boolean(),
  lastSeenAt: Type.Union([Time, Type.Null()], {
    description: 'When somebody who is offline was last online; null where they are online, or never were.',
  }),
})
export type Presence = Static<typeof Presence>

export const PresenceList = Type.Object({
  people: Type.Array(Presence, { description: 'Those among the ones asked for whom one may reach.' }),
})

const mostWatched = 200
export const WhomToWatch = Closed({ userIds: Type.Array(Id, { maxItems: mostWatched }) })
export const PresenceQuery = Closed({ userIds: Type.Array(Id, { minItems: 1, maxItems: 100 }) })
