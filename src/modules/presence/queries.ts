import { type SqlBool, sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/database.ts'

export async function upsertLastSeen(tx: Tx, userIds: readonly string[], at: Date): Promise<void> {
  await sql`
    insert into last_seen (user_id, seen_at)
    select id, ${at}::timestamptz from unnest(${userIds}::uuid[]) as gone (id) order by id
    on conflict (user_id) do update set seen_at = excluded.seen_at`.execute(tx)
}

export async function findLastSeen(db: Db, userIds: readonly string[]): Promise<ReadonlyMap<string, Date>> {
  const rows = await db
    .selectFrom('last_seen')
    .select(['user_id', 'seen_at'])
    .where(sql<SqlBool>`user_id = any(${userIds}::uuid[])`)
    .execute()
  return new Map(rows.map(({ user_id, seen_at }) => [user_id, seen_at]))
}

export async function deleteLastSeen(tx: Tx, userId: string): Promise<void> {
  await tx.deleteFrom('last_seen').where('user_id', '=', userId).execute()
}
