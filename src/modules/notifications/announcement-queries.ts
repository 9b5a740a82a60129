import { sql } from 'kysely'
import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import type { Notice } from './queries.ts'

/** One text to all who are enrolled in a course. */
export interface Announcement extends Notice {
  readonly courseId: string
  /** The last enrollment whose person was told. */
  readonly reached: string | null
}

export async function insertAnnouncement(tx: Tx, told: Announcement, cause: Cause): Promise<void> {
  const { factId, kind, courseId, title, body, data, reached } = told
  await tx
    .insertInto('announcements')
    .values({
      id: factId,
      kind,
      course_id: courseId,
      title,
      body,
      data: JSON.stringify(data),
      user_id: cause.userId,
      created_at: cause.at,
      reached,
    })
    .execute()
}

/** Undefined where all were told. */
export async function lockAnnouncement(
  tx: Tx,
  id: string,
): Promise<(Announcement & { cause: Cause }) | undefined> {
  const row = await tx
    .selectFrom('announcements')
    .select(['id', 'kind', 'course_id', 'title', 'body', 'data', 'user_id', 'created_at', 'reached'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (!row) return undefined
  const { id: factId, course_id: courseId, user_id: userId, created_at: at, data, ...rest } = row
  return { ...rest, factId, courseId, cause: { userId, at }, data: data as Notice['data'] }
}

export async function updateReached(tx: Tx, id: string, reached: string): Promise<void> {
  await tx.updateTable('announcements').set({ reached }).where('id', '=', id).execute()
}

export async function deleteAnnouncement(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('announcements').where('id', '=', id).execute()
}

/** Notes a lesson that the students of a course are to hear of. @returns when they last heard of any */
export async function insertNews(
  tx: Tx,
  { courseId, lessonId }: { courseId: string; lessonId: string },
): Promise<Date | null> {
  const { rows } = await sql<{ told_at: Date | null }>`
    insert into lesson_news (course_id, lesson_ids) values (${courseId}, array[${lessonId}::uuid])
    on conflict (course_id) do update set lesson_ids = lesson_news.lesson_ids || excluded.lesson_ids
    returning told_at`.execute(tx)
  return rows[0]?.told_at ?? null
}

export async function lockNews(
  tx: Tx,
  courseId: string,
): Promise<{ lesson_ids: string[]; told_at: Date | null } | undefined> {
  return tx
    .selectFrom('lesson_news')
    .select(['lesson_ids', 'told_at'])
    .where('course_id', '=', courseId)
    .forUpdate()
    .executeTakeFirst()
}

/** Nothing is left to be told. @param toldAt when something was */
export async function updateNews(
  tx: Tx,
  { courseId, toldAt }: { courseId: string; toldAt: Date | null },
): Promise<void> {
  await tx
    .updateTable('lesson_news')
    .set({ lesson_ids: [], told_at: toldAt })
    .where('course_id', '=', courseId)
    .execute()
}
