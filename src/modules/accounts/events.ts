import { Type } from 'typebox'
import { defineEvent } from '../../platform/events/events.ts'
import { Id } from '../../platform/ids.ts'

const user = Type.Object({ userId: Id })

export const userRegistered = defineEvent('user.registered', user)
export const sessionOpened = defineEvent('session.opened', Type.Object({ userId: Id, sessionId: Id }))
export const sessionsRevoked = defineEvent(
  'session.revoked',
  Type.Object({ userId: Id, sessionIds: Type.Array(Id), reason: Type.String() }),
)
export const identityLinked = defineEvent(
  'identity.linked',
  Type.Object({ userId: Id, issuer: Type.String() }),
)
