import { sql } from 'kysely'
import type { Db } from '../../platform/database/database.ts'
import type { MaterialRow } from './material-queries.ts'

/** What a lesson says and which files it has: for those alone to whom it is open. */
export interface LessonText {
  readonly lesson_id: string
  readonly course_id: string
  readonly body: string | null
  readonly media_id: string | null
  /** The files that its text names. */
  readonly text_media: readonly string[]
  readonly materials: readonly MaterialRow[]
}

export function findLessonText(db: Db, lessonId: string): Promise<LessonText | undefined> {
  const named = sql<string[]>`array(
    select named.media_id from lesson_text_media named where named.lesson_id = lessons.id)`
  const materials = sql<MaterialRow[]>`coalesce((
    select json_agg(json_build_object('id', material.id, 'lesson_id', material.lesson_id, 'media_id', material.media_id,
      'title', material.title, 'position', material.position) order by material.position)
    from materials material where material.lesson_id = lessons.id), '[]')`
  return db
    .selectFrom('lessons')
    .select(['id as lesson_id', 'course_id', 'body', 'media_id'])
    .select([named.as('text_media'), materials.as('materials')])
    .where('id', '=', lessonId)
    .executeTakeFirst()
}

/** The lesson that a material belongs to. */
export async function findLessonOfMaterial(db: Db, materialId: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('materials')
    .select('lesson_id')
    .where('id', '=', materialId)
    .executeTakeFirst()
  return row?.lesson_id
}
