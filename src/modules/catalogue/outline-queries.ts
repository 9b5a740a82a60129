import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/database.ts'
import { type CourseFactsRow, type OutlineSectionRow, sections, selectFacts } from './course-selection.ts'

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
