import { type SqlBool, sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/database.ts'
import type { NotificationKind } from '../../platform/database/schema.ts'
import { newId } from '../../platform/ids.ts'
import { traitsOf } from './kinds.ts'

export interface NotificationRow {
  readonly id: string
  readonly user_id: string
  readonly kind: NotificationKind
  readonly title: string
  readonly body: string
  readonly data: unknown
  readonly created_at: Date
  readonly read_at: Date | null
}

const columns = ['id', 'user_id', 'kind', 'title', 'body', 'data', 'created_at', 'read_at'] as const

/** What is told, in the words of the one template that all its readers get. */
export interface Notice {
  readonly factId: string
  readonly kind: NotificationKind
  readonly title: string
  readonly body: string
  readonly data: Readonly<Record<string, unknown>>
}

export interface InsertedRow {
  readonly id: string
  readonly in_app: boolean
  readonly email: 'none' | 'now' | 'digest'
}

/**
 * Tells people of a fact, by the channels of their choice; who was told of it before, or wants to hear of it by none, gets no row.
 * @param readers `mailed` false: never by mail, whatever they chose
 */
export async function insertNotifications(
  tx: Tx,
  notice: Notice,
  { readers, at }: { readers: readonly { id: string; mailed: boolean }[]; at: Date },
): Promise<InsertedRow[]> {
  const { factId, kind, title, body, data } = notice
  const { inApp, email, essential = false, urgent = false } = traitsOf(kind)
  const atOnce = essential || urgent
  const { rows } = await sql<InsertedRow>`
    insert into notifications (id, user_id, fact_id, kind, title, body, data, in_app, email, created_at)
    select reader.id, reader.user_id, ${factId}::uuid, ${kind}::notification_kind, ${title}, ${body},
      ${JSON.stringify(data)}::jsonb, chosen.in_app,
      (case when not chosen.email then 'none' when ${atOnce} or coalesce(settings.digest, 'off') = 'off' then 'now'
        else 'digest' end)::notification_email, ${at}::timestamptz
    from unnest(${readers.map(newId)}::uuid[], ${readers.map((reader) => reader.id)}::uuid[],
      ${readers.map((reader) => reader.mailed)}::boolean[]) as reader (id, user_id, mailed)
    left join notification_choices choice
      on choice.user_id = reader.user_id and choice.kind = ${kind}::notification_kind and not ${essential}
    left join notification_settings settings on settings.user_id = reader.user_id
    cross join lateral (select coalesce(choice.in_app, ${inApp}) as in_app,
      coalesce(choice.email, ${email}) and reader.mailed as email) chosen
    where chosen.in_app or chosen.email
    on conflict on constraint notifications_fact do nothing
    returning id, in_app, email`.execute(tx)
  return rows
}

/** Newest first; `after` is the id of the last one of the page before. */
export function findNotifications(
  db: Db,
  userId: string,
  filter: { unread?: boolean; kind?: NotificationKind },
  page: { after: string | null; limit: number },
): Promise<NotificationRow[]> {
  let query = selectShown(db, userId)
  if (filter.kind !== undefined) query = query.where('kind', '=', filter.kind)
  if (filter.unread !== undefined) query = query.where('read_at', filter.unread ? 'is' : 'is not', null)
  if (page.after !== null) query = query.where('id', '<', page.after)
  return query.orderBy('id', 'desc').limit(page.limit).execute()
}

function selectShown(db: Db, userId: string) {
  // said in the text, for the partial index
  return db
    .selectFrom('notifications')
    .select(columns)
    .where('user_id', '=', userId)
    .where(sql<SqlBool>`in_app`)
}

/** Those that are shown at all, for their pushes. */
export function findShownByIds(db: Db, ids: readonly string[]): Promise<NotificationRow[]> {
  return db
    .selectFrom('notifications')
    .select(columns)
    .where(sql<SqlBool>`id = any(${ids}::uuid[])`)
    .where(sql<SqlBool>`in_app`)
    .orderBy('id')
    .execute()
}

/** All that a person was told, by whichever channel, oldest first. */
export function findNotificationsOf(
  db: Db,
  userId: string,
  page: { after: string | null; limit: number },
): Promise<(NotificationRow & { emailed_at: Date | null })[]> {
  let query = db
    .selectFrom('notifications')
    .select([...columns, 'emailed_at'])
    .where('user_id', '=', userId)
  if (page.after !== null) query = query.where('id', '>', page.after)
  return query.orderBy('id').limit(page.limit).execute()
}

export async function countUnread(db: Db, userId: string): Promise<number> {
  const { count } = await db
    .selectFrom('notifications')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('user_id', '=', userId)
    .where(sql<SqlBool>`in_app and read_at is null`)
    .executeTakeFirstOrThrow()
  return count
}

/** A person's notification as read; undefined where it is not theirs. It keeps the moment of the first time. */
export async function updateAsRead(
  tx: Tx,
  which: { id: string; userId: string; at: Date },
): Promise<NotificationRow | undefined> {
  return tx
    .updateTable('notifications')
    .set({ read_at: sql<Date>`coalesce(read_at, ${which.at}::timestamptz)` })
    .where('id', '=', which.id)
    .where('user_id', '=', which.userId)
    .where(sql<SqlBool>`in_app`)
    .returning(columns)
    .executeTakeFirst()
}

/** All that is unread, up to one of them if that is said. @returns the newest of them, null where there was none */
export async function updateAllAsRead(
  tx: Tx,
  which: { userId: string; upTo: string | null; at: Date },
): Promise<string | null> {
  const { rows } = await sql<{ newest: string | null }>`
    with marked as (
      update notifications set read_at = ${which.at}
      where user_id = ${which.userId} and in_app and read_at is null
        and (${which.upTo}::uuid is null or id <= ${which.upTo}::uuid)
      returning id
    )
    select id as newest from marked order by id desc limit 1`.execute(tx)
  return rows[0]?.newest ?? null
}

/** At most `limit` of those that were read before one moment or made before another. @returns how many went */
export async function deleteOldNotifications(
  tx: Tx,
  which: { readBefore: Date; madeBefore: Date; limit: number },
): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from notifications where id in (
      (select id from notifications where read_at < ${which.readBefore} limit ${which.limit})
      union
      (select id from notifications where created_at < ${which.madeBefore} limit ${which.limit})
    )`.execute(tx)
  return Number(numAffectedRows ?? 0)
}

export async function deleteNotificationsOf(tx: Tx, userId: string): Promise<void> {
  await tx.deleteFrom('notifications').where('user_id', '=', userId).execute()
}
