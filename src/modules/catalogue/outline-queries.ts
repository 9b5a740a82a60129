import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/database.ts'
import { prepareRead } from '../../platform/database/prepared.ts'
import {
  type CourseFactsRow,
  type OutlineLessonRow,
  type OutlineSectionRow,
  sections,
  selectFacts,
} from './course-selection.ts'

/** The course with its outline, for whoever decides what a student may see and do in it. */
export interface CourseOutline extends CourseFactsRow {
  readonly sections: readonly OutlineSectionRow[]
}

/** @param by the course itself, or any of its lessons */
export function findOutline(
  db: Db,
  by: { courseId: string } | { lessonId: string },
): Promise<CourseOutline | undefined> {
  const query = selectFacts(db).select(sections.as('sections'))
  return 'courseId' in by
    ? query.where('courses.id', '=', by.courseId).executeTakeFirst()
    : query
        .where('courses.id', '=', (from) =>
          from.selectFrom('lessons').select('lessons.course_id').where('lessons.id', '=', by.lessonId),
        )
        .executeTakeFirst()
}

const selectCourseOfLesson = prepareRead<{ lessonId: string }, { course_id: string }>(
  ({ lessonId }) => sql`select course_id from lessons where id = ${lessonId}`,
)

export async function findCourseOfLesson(db: Db, lessonId: string): Promise<string | undefined> {
  const [row] = await selectCourseOfLesson(db, { lessonId })
  return row?.course_id
}

/** One lesson and what decides who may do what in its course; `lessons` is how many the course has. */
export type LessonPlace = CourseFactsRow &
  Readonly<Pick<OutlineLessonRow, 'type' | 'available_after_days'>> & { readonly lessons: number }

/** What a step in a course asks of it, without its outline: the same few rows however long the course is. */
export function findLessonPlace(db: Db, lessonId: string): Promise<LessonPlace | undefined> {
  return selectFacts(db)
    .innerJoin('lessons', 'lessons.course_id', 'courses.id')
    .innerJoin('course_stats', 'course_stats.course_id', 'courses.id')
    .select(['lessons.type', 'lessons.available_after_days', 'course_stats.lessons'])
    .where('lessons.id', '=', lessonId)
    .executeTakeFirst()
}

/** Which version each course has, counting every change of what it holds: an expression to select from. */
export const courseVersions = sql`(select id, version from courses)`

/** Sections and lessons to walk through in their order: expressions to select from. */
export const sectionSteps = sql`(select id, course_id, position from sections)`
export const lessonSteps = sql`(select id, course_id, section_id, position, type, available_after_days from lessons)`

/** How much a course holds. */
export async function countContents(
  db: Db,
  courseId: string,
): Promise<{ sections: number; lessons: number }> {
  const { rows } = await sql<{ sections: number; lessons: number }>`
    select (select count(*) from sections where course_id = ${courseId}) as sections,
      (select count(*) from lessons where course_id = ${courseId}) as lessons`.execute(db)
  return rows[0] ?? { sections: 0, lessons: 0 }
}

/** Puts everything into the given order; positions are unique when the transaction ends, not in between. */
export async function placeAll(
  tx: Tx,
  order: readonly { sectionId: string; lessonIds: readonly string[] }[],
): Promise<void> {
  const sectionIds = order.map(({ sectionId }) => sectionId)
  const places = order.flatMap(({ sectionId, lessonIds }) =>
    lessonIds.map((lessonId, index) => ({ lessonId, sectionId, position: index + 1 })),
  )
  await sql`
    update sections set position = placed.position
    from unnest(${sectionIds}::uuid[]) with ordinality placed (id, position)
    where sections.id = placed.id and sections.position <> placed.position`.execute(tx)
  await sql`
    update lessons set section_id = placed.section_id, position = placed.position
    from unnest(${places.map(({ lessonId }) => lessonId)}::uuid[], ${places.map(({ sectionId }) => sectionId)}::uuid[],
      ${places.map(({ position }) => position)}::int[]) placed (id, section_id, position)
    where lessons.id = placed.id and (lessons.section_id, lessons.position) <> (placed.section_id, placed.position)`.execute(
    tx,
  )
}
