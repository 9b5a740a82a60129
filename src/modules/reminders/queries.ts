import { type SqlBool, sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/database.ts'
import type { ReminderCause } from '../../platform/database/schema.ts'
import { newId } from '../../platform/ids.ts'

/** What somebody is to be reminded of. */
export interface NewReminder {
  readonly userId: string
  readonly courseId: string
  readonly cause: ReminderCause
  readonly subjectId: string
  readonly step: number
  readonly latestAt: Date
}

export interface ReminderRow {
  readonly id: string
  readonly user_id: string
  readonly course_id: string
  readonly cause: ReminderCause
  readonly subject_id: string
  readonly step: number
  readonly due_at: Date
  readonly latest_at: Date
}

/** Those that were made before stay as they are. */
export async function insertReminders(tx: Tx, reminders: readonly NewReminder[], at: Date): Promise<void> {
  if (reminders.length === 0) return
  await sql`
    insert into reminders (id, user_id, course_id, cause, subject_id, step, latest_at, made_at, due_at)
    select made.*, ${at}::timestamptz, ${at}::timestamptz
    from unnest(${reminders.map(newId)}::uuid[], ${reminders.map(({ userId }) => userId)}::uuid[],
      ${reminders.map(({ courseId }) => courseId)}::uuid[], ${reminders.map(({ cause }) => cause)}::reminder_cause[],
      ${reminders.map(({ subjectId }) => subjectId)}::uuid[], ${reminders.map(({ step }) => step)}::int[],
      ${reminders.map(({ latestAt }) => latestAt)}::timestamptz[]) as made
    on conflict on constraint reminders_once do nothing`.execute(tx)
}

/** What is due, a few people's, held; what another worker is at is passed over. */
export function lockDue(tx: Tx, which: { at: Date; limit: number }): Promise<ReminderRow[]> {
  return sql<ReminderRow>`
    select id, user_id, course_id, cause, subject_id, step, due_at, latest_at from reminders
    where due_at <= ${which.at} order by due_at, user_id, id limit ${which.limit}
    for update skip locked`
    .execute(tx)
    .then(({ rows }) => rows)
}

export async function updateDue(
  tx: Tx,
  later: readonly { readonly id: string; readonly dueAt: Date }[],
): Promise<void> {
  if (later.length === 0) return
  await sql`
    update reminders set due_at = later.due_at
    from unnest(${later.map(({ id }) => id)}::uuid[], ${later.map(({ dueAt }) => dueAt)}::timestamptz[]) as later (id, due_at)
    where reminders.id = later.id`.execute(tx)
}

export async function updateAsTold(tx: Tx, ids: readonly string[], at: Date): Promise<void> {
  await tx
    .updateTable('reminders')
    .set({ due_at: null, told_at: at })
    .where(sql<SqlBool>`id = any(${ids}::uuid[])`)
    .execute()
}

export async function deleteReminders(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.deleteFrom('reminders').where(sql<SqlBool>`id = any(${ids}::uuid[])`).execute()
}

export async function deleteRemindersOf(tx: Tx, userId: string): Promise<void> {
  await tx.deleteFrom('reminders').where('user_id', '=', userId).execute()
}

/** A person's, oldest first: a page. */
export function findRemindersOf(
  db: Db,
  userId: string,
  page: { after: string | null; limit: number },
): Promise<
  (Omit<ReminderRow, 'due_at'> & Record<'made_at', Date> & Record<'due_at' | 'told_at', Date | null>)[]
> {
  let query = db
    .selectFrom('reminders')
    .select([
      'id',
      'user_id',
      'course_id',
      'cause',
      'subject_id',
      'step',
      'latest_at',
      'made_at',
      'due_at',
      'told_at',
    ])
    .where('user_id', '=', userId)
  if (page.after !== null) query = query.where('id', '>', page.after)
  return query.orderBy('id').limit(page.limit).execute()
}

/** How far a search has come. */
export interface Search {
  readonly reached: Date
  /** Null: it has come to its end, and begins anew. */
  readonly until: Date | null
  readonly after: unknown
}

/** Begins at the moment at which it is first asked for: what was due before is not told. */
export async function lockSearch(tx: Tx, name: string, at: Date): Promise<Search> {
  const { rows } = await sql<Search>`
    insert into reminder_searches (name, reached) values (${name}, ${at})
    on conflict (name) do update set name = excluded.name
    returning reached, until, after`.execute(tx)
  return rows[0] ?? { reached: at, until: null, after: null }
}

export async function updateSearch(tx: Tx, name: string, { reached, until, after }: Search): Promise<void> {
  await tx
    .updateTable('reminder_searches')
    .set({ reached, until, after: after === null ? null : JSON.stringify(after) })
    .where('name', '=', name)
    .execute()
}
