import { type SqlBool, sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/database.ts'
import type { NotificationDigest } from '../../platform/database/schema.ts'
import type { NotificationRow } from './queries.ts'

/** Whose digest is due; those that another node is at are passed over. */
export async function lockDueDigests(
  tx: Tx,
  { at, limit }: { at: Date; limit: number },
): Promise<{ user_id: string; digest: Exclude<NotificationDigest, 'off'> }[]> {
  const rows = await tx
    .selectFrom('notification_settings')
    .select(['user_id', 'digest'])
    .where('next_digest_at', '<=', at)
    .orderBy('next_digest_at')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute()
  return rows.flatMap(({ user_id, digest }) => (digest === 'off' ? [] : [{ user_id, digest }]))
}

export async function updateNextDigests(
  tx: Tx,
  due: readonly { userId: string; nextAt: Date }[],
): Promise<void> {
  await sql`
    update notification_settings set next_digest_at = due.next_at
    from unnest(${due.map(({ userId }) => userId)}::uuid[], ${due.map(({ nextAt }) => nextAt)}::timestamptz[])
      as due (user_id, next_at)
    where notification_settings.user_id = due.user_id`.execute(tx)
}

/** Puts what waits for each of these people into their digest. @returns the digests that hold anything */
export async function updateAsGathered(
  tx: Tx,
  digests: readonly { userId: string; digestId: string }[],
): Promise<string[]> {
  const { rows } = await sql<{ digest_id: string }>`
    with gathered as (
      update notifications set digest_id = digest.id
      from unnest(${digests.map(({ userId }) => userId)}::uuid[], ${digests.map(({ digestId }) => digestId)}::uuid[])
        as digest (user_id, id)
      where notifications.user_id = digest.user_id and email <> 'none' and emailed_at is null
        and email = 'digest' and digest_id is null
      returning digest_id
    )
    select distinct digest_id from gathered`.execute(tx)
  return rows.map((row) => row.digest_id)
}

export type UnsentRow = Omit<NotificationRow, 'created_at'>

const columns = ['id', 'user_id', 'kind', 'title', 'body', 'data', 'read_at'] as const

/** What is to be mailed by itself; undefined where it was, or is not wanted any more. */
export function findUnsent(db: Db, id: string): Promise<UnsentRow | undefined> {
  return db
    .selectFrom('notifications')
    .select(columns)
    .where('id', '=', id)
    .where('email', '=', 'now')
    .where('emailed_at', 'is', null)
    .executeTakeFirst()
}

/** What a digest is to tell, oldest first: what was read meanwhile is no news. */
export function findUnsentOfDigest(db: Db, digestId: string): Promise<UnsentRow[]> {
  return db
    .selectFrom('notifications')
    .select(columns)
    .where('digest_id', '=', digestId)
    .where('email', '=', 'digest')
    .where('emailed_at', 'is', null)
    .where('read_at', 'is', null)
    .orderBy('id')
    .execute()
}

export async function updateAsSent(tx: Tx, ids: readonly string[], at: Date): Promise<void> {
  await tx
    .updateTable('notifications')
    .set({ emailed_at: at })
    .where(sql<SqlBool>`id = any(${ids}::uuid[])`)
    .execute()
}
