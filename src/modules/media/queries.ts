import { type SqlBool, sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/database.ts'
import type { MediaKind, MediaStatus } from '../../platform/database/schema.ts'

export interface MediaRow {
  readonly id: string
  readonly user_id: string
  readonly status: MediaStatus
  readonly kind: MediaKind | null
  readonly content_type: string | null
  readonly file_name: string
  readonly storage_key: string
  readonly bytes: number
  readonly widths: number[]
  readonly width: number | null
  readonly height: number | null
  readonly duration_seconds: number | null
  readonly failure_reason: string | null
  readonly upload_metadata: string | null
  readonly created_at: Date
  readonly touched_at: Date
  /** Since when nothing refers to it, as far as is known; null while something does. */
  readonly unused_since: Date | null
  /** How many bytes of one that comes in parts were acknowledged. */
  readonly received: number
}

const mediaColumns = [
  'id',
  'user_id',
  'status',
  'kind',
  'content_type',
  'file_name',
  'storage_key',
  'bytes',
  'widths',
  'width',
  'height',
  'duration_seconds',
  'failure_reason',
  'upload_metadata',
  'created_at',
  'touched_at',
  'unused_since',
  'received',
] as const

export function findMedia(db: Db, id: string): Promise<MediaRow | undefined> {
  return db.selectFrom('media').select(mediaColumns).where('id', '=', id).executeTakeFirst()
}

export function findMediaByIds(db: Db, ids: readonly string[]): Promise<MediaRow[]> {
  return db.selectFrom('media').select(mediaColumns).where(sql<SqlBool>`id = any(${ids}::uuid[])`).execute()
}

/** Held, so that none can be deleted before the transaction that begins to use them ends. */
export function lockMediaForUse(tx: Tx, ids: readonly string[]): Promise<MediaRow[]> {
  return tx
    .selectFrom('media')
    .select(mediaColumns)
    .where(sql<SqlBool>`id = any(${ids}::uuid[])`)
    .orderBy('id')
    .forKeyShare()
    .execute()
}

export async function updateUsed(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx
    .updateTable('media')
    .set({ unused_since: null })
    .where(sql<SqlBool>`id = any(${ids}::uuid[])`)
    .execute()
}

export async function updateStorageKey(
  tx: Tx,
  { id, storage_key }: Pick<MediaRow, 'id' | 'storage_key'>,
): Promise<void> {
  await tx.updateTable('media').set({ storage_key }).where('id', '=', id).execute()
}

export function findMediaOf(
  db: Db,
  userId: string,
  page: { after: string | null; limit: number },
): Promise<MediaRow[]> {
  let query = db.selectFrom('media').select(mediaColumns).where('user_id', '=', userId)
  if (page.after !== null) query = query.where('id', '<', page.after)
  return query.orderBy('id', 'desc').limit(page.limit).execute()
}

/** Everything that a person uploaded, for their archive. */
export function findAllMediaOf(db: Db, userId: string): Promise<MediaRow[]> {
  return db.selectFrom('media').select(mediaColumns).where('user_id', '=', userId).orderBy('id').execute()
}

/** Notes since when the files that nothing refers to are unused, and that the others are not. */
export async function noteUnused(tx: Tx, at: Date): Promise<void> {
  await sql`select note_unused_media(${at}::timestamptz)`.execute(tx)
}

/** Ids of files that nothing refers to since a moment, in order. */
export async function findUnused(
  db: Db,
  which: { since: Date; afterId: string; atMost: number },
): Promise<string[]> {
  const rows = await db
    .selectFrom('media')
    .select('id')
    .where('unused_since', '<', which.since)
    .where('id', '>', which.afterId)
    .orderBy('id')
    .limit(which.atMost)
    .execute()
  return rows.map(({ id }) => id)
}

/** Ids of uploads of which nothing came since a moment. */
export async function findAbandoned(db: Db, which: { before: Date; atMost: number }): Promise<string[]> {
  const rows = await db
    .selectFrom('media')
    .select('id')
    // said in the text, for the partial index
    .where(sql<SqlBool>`status = 'uploading'`)
    .where('touched_at', '<', which.before)
    .orderBy('touched_at')
    .limit(which.atMost)
    .execute()
  return rows.map(({ id }) => id)
}

/** Of these ids those of uploads under way. */
export async function findUploading(db: Db, ids: readonly string[]): Promise<string[]> {
  const rows = await db
    .selectFrom('media')
    .select('id')
    .where(sql<SqlBool>`id = any(${ids}::uuid[])`)
    .where('status', '=', 'uploading')
    .execute()
  return rows.map(({ id }) => id)
}

/** Files that have come whole, in the order of their ids. */
export function findWhole(
  db: Db,
  page: { after: string | null; atMost: number },
): Promise<Pick<MediaRow, 'id' | 'status' | 'storage_key' | 'widths'>[]> {
  let query = db
    .selectFrom('media')
    .select(['id', 'status', 'storage_key', 'widths'])
    .where(sql<SqlBool>`status <> 'uploading'`)
  if (page.after !== null) query = query.where('id', '>', page.after)
  return query.orderBy('id').limit(page.atMost).execute()
}
