import { Type } from 'typebox'
import { roles } from '../../platform/actor.ts'
import { type AuditRule, defineEvent, defineUnheardEvent } from '../../platform/events/events.ts'
import { Id } from '../../platform/ids.ts'

const user = Type.Object({ userId: Id })
const Role = Type.Enum([...roles])
const always: AuditRule<'userId'> = { when: 'always', subject: 'user', ids: ['userId'] }
const byAdmin: AuditRule<'userId'> = { when: 'by_admin', subject: 'user', ids: ['userId'] }
const statusChange = Type.Object({ userId: Id, from: Type.String(), to: Type.String() })

/** Somebody made an account of their own. */
export const userRegistered = defineEvent('user.registered', user)
/** An admin made an account for somebody. */
export const userCreated = defineEvent(
  'user.created',
  Type.Object({ userId: Id, role: Role, invited: Type.Boolean() }),
  always,
)
/** Which fields of the profile changed; not to what, since facts are kept when people are erased. */
export const userUpdated = defineEvent(
  'user.updated',
  Type.Object({ userId: Id, fields: Type.Array(Type.String()) }),
  byAdmin,
)
export const userRoleChanged = defineEvent(
  'user.role_changed',
  Type.Object({ userId: Id, from: Role, to: Role }),
  always,
)
/** Whoever runs the school made an admin: by command, by the configuration or by the link of the first start. */
export const adminMade = defineUnheardEvent(
  'admin.made',
  Type.Object({ userId: Id, isNew: Type.Boolean() }),
  always,
)
export const userSuspended = defineEvent('user.suspended', statusChange, always)
export const userRestored = defineEvent('user.restored', statusChange, always)
/** Modules erase what they hold of the person, or keep what must be kept under the anonymized row. */
export const userDeleted = defineEvent(
  'user.deleted',
  Type.Object({ userId: Id, role: Role, status: Type.String() }),
  always,
)
export const emailVerified = defineUnheardEvent('user.email_verified', user)
export const passwordChanged = defineEvent(
  'user.password_changed',
  Type.Object({ userId: Id, how: Type.Enum(['changed', 'reset', 'set_by_operator']) }),
)
export const sessionOpened = defineEvent('session.opened', Type.Object({ userId: Id, sessionId: Id }))
export const sessionsRevoked = defineUnheardEvent(
  'session.revoked',
  Type.Object({ userId: Id, sessionIds: Type.Array(Id), reason: Type.String() }),
  byAdmin,
)
export const identityLinked = defineEvent(
  'identity.linked',
  Type.Object({ userId: Id, issuer: Type.String() }),
)
