import type { Db } from '../../platform/database/database.ts'
import { findUser } from './queries.ts'

const eventsAtOnce = 1_000

/** All that this module holds of a person, for their export. */
export async function personalData(db: Db, userId: string): Promise<Record<string, unknown>> {
  return {
    profile: await findProfileData(db, userId),
    sessions: await findSessions(db, userId),
    identities: await findIdentities(db, userId),
    links: await findLinks(db, userId),
    events: readEvents(db, userId),
  }
}

async function findProfileData(db: Db, userId: string) {
  const user = await findUser(db, userId)
  if (!user) return null
  const { password_hash, avatar_key, email_verified_at, created_at, ...told } = user
  return {
    ...told,
    emailVerifiedAt: email_verified_at,
    hasPassword: password_hash !== null,
    avatar: avatar_key ? `/api/users/${userId}/avatar/${avatar_key.split('/').at(-1)}` : null,
    createdAt: created_at,
  }
}

function findSessions(db: Db, userId: string) {
  return db
    .selectFrom('sessions')
    .select([
      'id',
      'user_agent as device',
      'address',
      'created_at as createdAt',
      'last_used_at as lastUsedAt',
      'expires_at as expiresAt',
      'revoked_at as endedAt',
      'revoked_reason as endedBecause',
    ])
    .where('user_id', '=', userId)
    .orderBy('id')
    .execute()
}

function findIdentities(db: Db, userId: string) {
  return db
    .selectFrom('identities')
    .select(['issuer', 'subject', 'created_at as linkedAt'])
    .where('user_id', '=', userId)
    .orderBy('created_at')
    .execute()
}

function findLinks(db: Db, userId: string) {
  return db
    .selectFrom('one_time_links')
    .select(['purpose', 'email', 'created_at as sentAt', 'expires_at as expiresAt', 'used_at as usedAt'])
    .where('user_id', '=', userId)
    .orderBy('id')
    .execute()
}

/** What the person has caused, in order: however much it is, a page of it is in memory. */
async function* readEvents(db: Db, userId: string) {
  let after = ''
  for (;;) {
    let query = db
      .selectFrom('events')
      .select(['id', 'type', 'occurred_at as at', 'payload'])
      .select(['actor_role as role', 'request_id as requestId', 'address'])
      .where('user_id', '=', userId)
      .orderBy('id')
      .limit(eventsAtOnce)
    if (after) query = query.where('id', '>', after)
    const page = await query.execute()
    yield* page
    const last = page.at(-1)
    if (!last || page.length < eventsAtOnce) return
    after = last.id
  }
}
