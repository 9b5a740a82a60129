import { sql } from 'kysely'
import type { Db } from '../../platform/database/database.ts'
import { type MediaCard, mediaCard } from '../media/index.ts'
import { sections, selectFacts } from './course-selection.ts'
import type { MaterialRow } from './material-queries.ts'
import type { CourseOutline } from './outline-queries.ts'

/** What a lesson says and holds: for those alone to whom it is open. */
export interface LessonContent {
  readonly lesson_id: string
  readonly body: string | null
  readonly media: MediaCard | null
  /** The files that its text names. */
  readonly text_media: readonly string[]
  readonly materials: readonly (MaterialRow & { readonly media: MediaCard })[]
}

/**
 * The outline of a course together with the content of one of its lessons, in one statement; the content is null where the course has
 * no such lesson.
 * @param by the lesson, in the course that is named or in its own, or one of the lesson's materials
 */
export function findOutlineAndContent(
  db: Db,
  by: { courseId?: string; lessonId: string } | { materialId: string },
): Promise<(CourseOutline & { content: LessonContent | null }) | undefined> {
  const lessonId =
    'lessonId' in by
      ? sql`${by.lessonId}::uuid`
      : sql`(select material.lesson_id from materials material where material.id = ${by.materialId})`
  const courseId =
    'courseId' in by && by.courseId !== undefined
      ? sql<string>`${by.courseId}::uuid`
      : sql<string>`(select lesson.course_id from lessons lesson where lesson.id = ${lessonId})`
  const content = sql<LessonContent | null>`(
    select json_build_object('lesson_id', lesson.id, 'body', lesson.body, 'media', ${mediaCard('lesson.media_id')},
      'text_media', array(select named.media_id from lesson_text_media named where named.lesson_id = lesson.id),
      'materials', coalesce((
        select json_agg(json_build_object('id', material.id, 'lesson_id', material.lesson_id,
          'media_id', material.media_id, 'title', material.title, 'position', material.position,
          'media', ${mediaCard('material.media_id')}) order by material.position)
        from materials material where material.lesson_id = lesson.id), '[]'))
    from lessons lesson where lesson.id = ${lessonId} and lesson.course_id = courses.id)`
  return selectFacts(db)
    .select([sections.as('sections'), content.as('content')])
    .where('courses.id', '=', courseId)
    .executeTakeFirst()
}
