import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/database.ts'
import type { MediaRow } from './queries.ts'

export interface Reservation {
  readonly id: string
  readonly userId: string
  readonly fileName: string
  readonly storageKey: string
  readonly bytes: number
  /** What the person may have in all, in bytes. */
  readonly quota: number
  /** Of one that comes in parts. */
  readonly uploadMetadata: string | null
  readonly at: Date
}

/** Forgets how much somebody holds who is gone; what of it courses use counts for nobody. */
export async function deleteUsageOf(tx: Tx, userId: string): Promise<void> {
  await tx.deleteFrom('media_usage').where('user_id', '=', userId).execute()
}

/** Begins an upload and takes its bytes out of the quota at once; undefined where there is no room. */
export async function insertReserved(tx: Tx, wish: Reservation): Promise<MediaRow | undefined> {
  const { id, userId, fileName, storageKey, bytes, quota, uploadMetadata, at } = wish
  const { rows } = await sql<MediaRow>`
    with room as (
      insert into media_usage as usage (user_id, bytes)
      select ${userId}::uuid, ${bytes}::bigint where ${bytes}::bigint <= ${quota}::bigint
      on conflict (user_id) do update set bytes = usage.bytes + excluded.bytes
      where usage.bytes + excluded.bytes <= ${quota}::bigint
      returning user_id
    )
    insert into media (id, user_id, status, file_name, storage_key, bytes, upload_metadata, created_at, touched_at)
    select ${id}::uuid, user_id, 'uploading', ${fileName}, ${storageKey}, ${bytes}::bigint, ${uploadMetadata},
      ${at}::timestamptz, ${at}::timestamptz from room
    returning *`.execute(tx)
  return rows[0]
}

/**
 * Takes more bytes out of the quota for an upload under way: as many of `wish` as there is room for.
 * @returns how many are reserved now; undefined where there is no room for one more, or the upload is no more
 */
export async function updateReserved(
  tx: Tx,
  input: { id: string; wish: number; quota: number; at: Date },
): Promise<number | undefined> {
  const { id, wish, quota, at } = input
  const { rows } = await sql<{ bytes: number }>`
    with held as (
      select id, user_id from media where id = ${id} and status = 'uploading' for update
    ), room as (
      select usage.user_id, least(${wish}::bigint, ${quota}::bigint - usage.bytes) as more
      from media_usage usage join held on held.user_id = usage.user_id for update of usage
    ), taken as (
      update media_usage set bytes = bytes + room.more from room
      where media_usage.user_id = room.user_id and room.more > 0 returning room.more
    )
    update media set bytes = media.bytes + taken.more, touched_at = ${at}::timestamptz
    from taken, held where media.id = held.id
    returning media.bytes`.execute(tx)
  return rows[0]?.bytes
}

export type Settled = Pick<
  MediaRow,
  'kind' | 'content_type' | 'bytes' | 'widths' | 'width' | 'height' | 'duration_seconds' | 'failure_reason'
>

/** The upload has come whole: it is what it is, and takes what it takes. Undefined where it is no more, or came before. */
export async function updateSettled(
  tx: Tx,
  id: string,
  file: Settled,
  at: Date,
): Promise<MediaRow | undefined> {
  const { rows } = await sql<MediaRow>`
    with held as (
      select id, user_id, bytes from media where id = ${id} and status = 'uploading' for update
    ), given as (
      update media_usage set bytes = media_usage.bytes - held.bytes + ${file.bytes}::bigint
      from held where media_usage.user_id = held.user_id
    )
    update media set status = ${file.failure_reason === null ? 'ready' : 'failed'}::media_status,
      kind = ${file.kind}::media_kind, content_type = ${file.content_type}, bytes = ${file.bytes}::bigint,
      widths = ${file.widths}::integer[], width = ${file.width}::integer, height = ${file.height}::integer,
      duration_seconds = ${file.duration_seconds}::double precision, failure_reason = ${file.failure_reason},
      touched_at = ${at}::timestamptz, unused_since = ${at}::timestamptz
    from held where media.id = held.id
    returning media.*`.execute(tx)
  return rows[0]
}

/** @throws DatabaseError 23503 where something refers to the file */
export async function deleteMediaRow(tx: Tx, id: string): Promise<MediaRow | undefined> {
  const { rows } = await sql<MediaRow>`
    with gone as (
      delete from media where id = ${id} returning *
    ), given as (
      update media_usage set bytes = media_usage.bytes - gone.bytes from gone where media_usage.user_id = gone.user_id
    )
    select * from gone`.execute(tx)
  return rows[0]
}

/** A part of a resumable upload has come. */
export async function updateReceived(tx: Tx, id: string, received: number, at: Date): Promise<void> {
  await tx
    .updateTable('media')
    .set({ touched_at: at, received })
    .where('id', '=', id)
    .where('status', '=', 'uploading')
    .execute()
}

export async function findUsage(db: Db, userId: string): Promise<number> {
  const row = await db
    .selectFrom('media_usage')
    .select('bytes')
    .where('user_id', '=', userId)
    .executeTakeFirst()
  return row?.bytes ?? 0
}
