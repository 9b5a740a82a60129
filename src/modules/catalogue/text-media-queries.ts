import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/database.ts'

/** Of these files those that a course uses already, in whatever way. */
export async function findMediaUsedIn(db: Db, courseId: string, ids: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select file.id from unnest(${ids}::uuid[]) file (id)
    where exists (select from course_text_media where course_id = ${courseId} and media_id = file.id)
      or exists (select from lessons where course_id = ${courseId} and media_id = file.id)
      or exists (select from lesson_text_media named join lessons on lessons.id = named.lesson_id
        where named.media_id = file.id and lessons.course_id = ${courseId})
      or exists (select from materials join lessons on lessons.id = materials.lesson_id
        where materials.media_id = file.id and lessons.course_id = ${courseId})`.execute(db)
  return rows.map(({ id }) => id)
}

/** What the text of a lesson names from now on. */
export async function replaceLessonTextMedia(
  tx: Tx,
  lessonId: string,
  mediaIds: readonly string[],
): Promise<void> {
  await sql`
    with gone as (
      delete from lesson_text_media where lesson_id = ${lessonId} and media_id <> all(${mediaIds}::uuid[])
    )
    insert into lesson_text_media (lesson_id, media_id)
    select ${lessonId}::uuid, unnest(${mediaIds}::uuid[]) on conflict do nothing`.execute(tx)
}

/** What the description of a course names from now on. */
export async function replaceCourseTextMedia(
  tx: Tx,
  courseId: string,
  mediaIds: readonly string[],
): Promise<void> {
  await sql`
    with gone as (
      delete from course_text_media where course_id = ${courseId} and media_id <> all(${mediaIds}::uuid[])
    )
    insert into course_text_media (course_id, media_id)
    select ${courseId}::uuid, unnest(${mediaIds}::uuid[]) on conflict do nothing`.execute(tx)
}
