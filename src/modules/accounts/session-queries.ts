import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/database.ts'
import type { UserRole, UserStatus } from '../../platform/database/schema.ts'

export interface NewSession {
  readonly id: string
  readonly user_id: string
  readonly user_agent: string
  readonly address: string
  readonly native: boolean
  readonly created_at: Date
  readonly last_used_at: Date
  readonly expires_at: Date
}

export async function insertSession(tx: Tx, session: NewSession, tokenHash: string): Promise<void> {
  await tx
    .with('session', (with_) => with_.insertInto('sessions').values(session).returning('id'))
    .insertInto('refresh_tokens')
    .columns(['hash', 'session_id', 'issued_at'])
    .expression((from) =>
      from
        .selectFrom('session')
        .select([
          sql<string>`${tokenHash}`.as('hash'),
          'id',
          sql<Date>`${session.created_at}::timestamptz`.as('at'),
        ]),
    )
    .execute()
}

export interface TokenRow {
  readonly session_id: string
  readonly user_id: string
  readonly native: boolean
  readonly rotated_at: Date | null
  readonly beganAt: Date
  readonly expires_at: Date
  readonly revoked_at: Date | null
  readonly role: UserRole
  readonly status: UserStatus
}

/** The refresh token with its session, held against other rotations until the transaction ends. */
export function lockToken(tx: Tx, hash: string): Promise<TokenRow | undefined> {
  return tx
    .selectFrom('refresh_tokens')
    .innerJoin('sessions', 'sessions.id', 'refresh_tokens.session_id')
    .innerJoin('users', 'users.id', 'sessions.user_id')
    .select([
      'session_id',
      'user_id',
      'native',
      'rotated_at',
      'sessions.created_at as beganAt',
      'sessions.expires_at',
      'sessions.revoked_at',
      'users.role',
      'users.status',
    ])
    .where('hash', '=', hash)
    .forUpdate(['refresh_tokens', 'sessions'])
    .executeTakeFirst()
}

export async function rotateToken(
  tx: Tx,
  rotation: { from: string; to: string; sessionId: string; at: Date; expiresAt: Date },
): Promise<void> {
  const { from, to, sessionId, at, expiresAt } = rotation
  await sql`
    with rotated as (
      update refresh_tokens set rotated_at = coalesce(rotated_at, ${at}) where hash = ${from}
    ), session as (
      update sessions set last_used_at = ${at}, expires_at = ${expiresAt} where id = ${sessionId}
    )
    insert into refresh_tokens (hash, session_id, issued_at) values (${to}, ${sessionId}, ${at})`.execute(tx)
}

/** Ends the sessions of a person that are open, or just one of them, or all but one; their ids. */
export async function endSessions(
  tx: Tx,
  which: { userId: string; only?: string; except?: string | null },
  why: { at: Date; reason: string },
): Promise<string[]> {
  let update = tx
    .updateTable('sessions')
    .set({ revoked_at: why.at, revoked_reason: why.reason })
    .where('user_id', '=', which.userId)
    .where('revoked_at', 'is', null)
  if (which.only) update = update.where('id', '=', which.only)
  if (which.except) update = update.where('id', '<>', which.except)
  const rows = await update.returning('id').execute()
  return rows.map((row) => row.id)
}

/** Newest first; `after` is the id of the last one of the page before. */
export function findOpenSessions(
  db: Db,
  userId: string,
  at: Date,
  page: { after: string | null; limit: number },
) {
  let query = db
    .selectFrom('sessions')
    .select(['id', 'user_agent', 'address', 'created_at', 'last_used_at'])
    .where('user_id', '=', userId)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', at)
    .orderBy('id', 'desc')
    .limit(page.limit)
  if (page.after) query = query.where('id', '<', page.after)
  return query.execute()
}

export async function isSessionOpen(db: Db, id: string): Promise<boolean> {
  const row = await db.selectFrom('sessions').select('revoked_at').where('id', '=', id).executeTakeFirst()
  return row !== undefined && row.revoked_at === null
}

export async function findRevokedSince(db: Db, since: Date): Promise<string[]> {
  const rows = await db.selectFrom('sessions').select('id').where('revoked_at', '>', since).execute()
  return rows.map((row) => row.id)
}

/** At most `limit` of the sessions that ended or ran out before a time; how many went. */
export async function deleteOldSessions(tx: Tx, before: Date, limit: number): Promise<number> {
  const { numDeletedRows } = await tx
    .deleteFrom('sessions')
    .where('id', 'in', (from) =>
      from
        .selectFrom('sessions')
        .select('id')
        .where((where) => where.or([where('expires_at', '<', before), where('revoked_at', '<', before)]))
        .limit(limit),
    )
    .executeTakeFirst()
  return Number(numDeletedRows)
}

/** At most `limit` of the refresh tokens that were rotated before a time; how many went. */
export async function deleteOldTokens(tx: Tx, before: Date, limit: number): Promise<number> {
  const { numDeletedRows } = await tx
    .deleteFrom('refresh_tokens')
    .where('hash', 'in', (from) =>
      from.selectFrom('refresh_tokens').select('hash').where('rotated_at', '<', before).limit(limit),
    )
    .executeTakeFirst()
  return Number(numDeletedRows)
}

export interface SignInFacts {
  readonly user_agent: string
  readonly address: string
  /** Whether nothing of it was seen before: the person had sessions, but none by such a program or from this address. */
  readonly unknown: boolean
}

/** How a session was begun. Programs are compared without their version numbers, which change by themselves. */
export async function findSignIn(db: Db, sessionId: string): Promise<SignInFacts | undefined> {
  const { rows } = await sql<SignInFacts>`
    select session.user_agent, session.address, count(earlier.id) > 0 and not coalesce(bool_or(
      earlier.address = session.address
      or regexp_replace(earlier.user_agent, '[0-9.]+', '', 'g') = regexp_replace(session.user_agent, '[0-9.]+', '', 'g')),
      false) as unknown
    from sessions session
    left join sessions earlier on earlier.user_id = session.user_id and earlier.id < session.id
    where session.id = ${sessionId}
    group by session.id`.execute(db)
  return rows[0]
}
