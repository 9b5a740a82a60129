import { type Static, Type } from 'typebox'
import { roles } from '../../platform/actor.ts'
import { Closed, Time } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'

export const Email = Type.String({ format: 'email', maxLength: 254, examples: ['asha@example.org'] })
export const Password = Type.String({
  minLength: 8,
  maxLength: 72,
  description: '8 to 72 bytes in UTF-8.',
  examples: ['correct horse battery'],
})
export const PersonName = Type.String({
  minLength: 1,
  maxLength: 120,
  pattern: '\\S',
  examples: ['Asha Rao'],
})
export const Role = Type.Enum([...roles])
export const UserStatus = Type.Enum(['active', 'suspended'])
const Client = Type.Enum(['web', 'native'], {
  default: 'web',
  description: '`web`: the refresh token comes as an HttpOnly cookie; `native`: in the body.',
})

export const User = Type.Object({
  id: Id,
  email: Email,
  name: PersonName,
  role: Role,
  status: UserStatus,
  avatarUrl: Type.Optional(Type.String()),
  emailVerified: Type.Boolean(),
  headline: Type.Optional(Type.String()),
  bio: Type.Optional(Type.String()),
  locale: Type.Optional(Type.String()),
  timezone: Type.Optional(Type.String()),
  createdAt: Time,
})
export type User = Static<typeof User>

export const Registration = Closed({
  email: Email,
  password: Password,
  name: PersonName,
  role: Type.Optional(Type.Enum(['student', 'instructor', 'parent'], { default: 'student' })),
  client: Type.Optional(Client),
})

export const Credentials = Closed({
  email: Email,
  password: Type.String({ minLength: 1, maxLength: 200 }),
  client: Type.Optional(Client),
})

export const RefreshRequest = Type.Optional(
  Type.Union([Closed({ refreshToken: Type.Optional(Type.String({ maxLength: 200 })) }), Type.Null()]),
)

export const SignedIn = Type.Object({
  user: User,
  accessToken: Type.String({ description: 'A JWT for the Authorization header, valid for 15 minutes.' }),
  accessTokenExpiresAt: Time,
  refreshAfterSeconds: Type.Integer({ examples: [300] }),
  refreshToken: Type.Optional(Type.String({ description: 'For `client: "native"` only.' })),
})

export const Session = Type.Object({
  id: Id,
  device: Type.String(),
  address: Type.String(),
  current: Type.Boolean(),
  createdAt: Time,
  lastUsedAt: Time,
})
export const SessionList = Type.Object({ items: Type.Array(Session), nextCursor: Type.Null() })

export const SyncRequest = Type.Optional(Type.Union([Closed({}), Type.Null()]))
export const SyncedUser = Type.Object({ user: User })
