import type { Config } from '../../platform/config.ts'
import type { PersonCard } from './people.ts'
import type { UserRow } from './queries.ts'
import type { PersonSummary, Profile, User } from './schemas.ts'

/** A user as the person and admins see it. */
export function presentUser(user: UserRow, config: Config): User {
  return {
    id: user.id,
    email: user.email,
    name: user.name,
    role: user.role,
    status: user.status === 'suspended' ? 'suspended' : 'active',
    ...(user.avatar_key ? { avatarUrl: avatarUrl(user.id, user.avatar_key, config) } : {}),
    emailVerified: user.email_verified_at !== null,
    ...(user.headline ? { headline: user.headline } : {}),
    ...(user.bio ? { bio: user.bio } : {}),
    ...(user.locale ? { locale: user.locale } : {}),
    ...(user.timezone ? { timezone: user.timezone } : {}),
    createdAt: user.created_at,
  }
}

/** The part of a person that anybody who is signed in may see. */
export function presentProfile(user: UserRow, config: Config): Profile {
  return {
    id: user.id,
    name: user.name,
    role: user.role,
    ...(user.headline ? { headline: user.headline } : {}),
    ...(user.bio ? { bio: user.bio } : {}),
    ...(user.avatar_key ? { avatarUrl: avatarUrl(user.id, user.avatar_key, config) } : {}),
  }
}

/** What other modules show of a person beside their own things. */
export function presentPerson({ id, name, headline, avatar_key }: PersonCard, config: Config): PersonSummary {
  return {
    id,
    name,
    ...(headline ? { headline } : {}),
    ...(avatar_key ? { avatarUrl: avatarUrl(id, avatar_key, config) } : {}),
  }
}

/** Where the picture is served; the key's last part changes with each picture, so that it may be cached for ever. */
export function avatarUrl(userId: string, key: string, config: Config): string {
  return `${config.publicUrl}/api/users/${userId}/avatar/${key.split('/').at(-1)}`
}
