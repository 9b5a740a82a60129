import { type Static, type TString, Type } from 'typebox'
import { roles } from '../../platform/actor.ts'
import { pageQuery } from '../../platform/http/pagination.ts'
import { Closed, Time } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'

export const Email = Type.String({ format: 'email', maxLength: 254, examples: ['asha@example.org'] })
export const Password = Type.String({
  minLength: 8,
  maxLength: 72,
  description: '8 to 72 bytes in UTF-8.',
  examples: ['correct horse battery'],
})
/** Something to read, on one line. */
const oneLine = '^(?=.*\\S)[^\\p{Cc}]+$'
export const PersonName = Type.String({
  maxLength: 120,
  pattern: oneLine,
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
export type SignedIn = Static<typeof SignedIn>

export const Session = Type.Object({
  id: Id,
  device: Type.String(),
  address: Type.String(),
  current: Type.Boolean(),
  createdAt: Time,
  lastUsedAt: Time,
})

/** What a public route for links takes: the token of the link in a mail. */
const LinkToken = Type.String({
  minLength: 1,
  maxLength: 200,
  description: 'The `token` of the link in the mail.',
})
export const LinkRequest = Closed({ token: LinkToken })
export const ForgottenPassword = Closed({ email: Email })
export const PasswordReset = Closed({ token: LinkToken, password: Password })
export const PasswordChange = Closed({
  currentPassword: Type.String({ minLength: 1, maxLength: 200 }),
  newPassword: Password,
})
export const MailPromised = Type.Object({ detail: Type.String() })

/** A text that null clears. */
function clearable(text: TString) {
  return Type.Optional(
    Type.Unsafe<string | null>({ ...text, type: ['string', 'null'], description: 'null clears it.' }),
  )
}
export const ProfileChange = Closed({
  name: Type.Optional(PersonName),
  headline: clearable(Type.String({ maxLength: 160, pattern: oneLine })),
  bio: clearable(Type.String({ maxLength: 5_000, pattern: '^(?=[^]*\\S)[^\\u0000]+$' })),
  locale: clearable(Type.String({ minLength: 1, maxLength: 100, examples: ['en-IN'] })),
  timezone: clearable(Type.String({ minLength: 1, maxLength: 100, examples: ['Asia/Kolkata'] })),
})
export type ProfileChange = Static<typeof ProfileChange>

export const Farewell = Type.Optional(
  Type.Union([
    Closed({
      password: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: 200,
          description: 'Needed unless one signs in by an outside identity provider only.',
        }),
      ),
    }),
    Type.Null(),
  ]),
)

export const Profile = Type.Object({
  id: Id,
  name: PersonName,
  role: Role,
  headline: Type.Optional(Type.String()),
  bio: Type.Optional(Type.String()),
  avatarUrl: Type.Optional(Type.String()),
})
export type Profile = Static<typeof Profile>

/** A person beside the things of other modules. */
export const PersonSummary = Type.Object({
  id: Id,
  name: Type.String(),
  headline: Type.Optional(Type.String()),
  avatarUrl: Type.Optional(Type.String()),
})
export type PersonSummary = Static<typeof PersonSummary>

export const NewUser = Closed({
  email: Email,
  name: PersonName,
  role: Role,
  password: Type.Optional(Password),
})
export const UserChange = Closed({
  name: Type.Optional(PersonName),
  role: Type.Optional(Role),
  status: Type.Optional(UserStatus),
})
export const UserSearch = Closed({
  q: Type.Optional(
    Type.String({
      maxLength: 200,
      pattern: '[\\p{L}\\p{N}]',
      description: 'Words of the name or e-mail address, or their beginnings; small mistakes are forgiven.',
    }),
  ),
  role: Type.Optional(Role),
  status: Type.Optional(UserStatus),
  ...pageQuery,
})

export const AdminClaim = Closed({
  token: Type.String({
    minLength: 1,
    maxLength: 200,
    description: 'From the link that the first start prints.',
  }),
  email: Email,
  name: PersonName,
  password: Password,
  client: Type.Optional(Client),
})

export const SyncRequest = Type.Optional(Type.Union([Closed({}), Type.Null()]))
export const SyncedUser = Type.Object({ user: User })
