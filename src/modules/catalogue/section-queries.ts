import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/database.ts'
import { closeGap } from './close-gap.ts'
import { type CourseFactsRow, selectFacts } from './course-selection.ts'

export interface SectionRow {
  readonly id: string
  readonly course_id: string
  readonly title: string
  readonly description: string | null
  readonly position: number
}

const columns = ['id', 'course_id', 'title', 'description', 'position'] as const

export function findSections(
  db: Db,
  courseId: string,
  page: { after: number | null; limit: number },
): Promise<SectionRow[]> {
  return db
    .selectFrom('sections')
    .select(columns)
    .where('course_id', '=', courseId)
    .where('position', '>', page.after ?? 0)
    .orderBy('position')
    .limit(page.limit)
    .execute()
}

export async function hasSection(db: Db, courseId: string, sectionId: string): Promise<boolean> {
  const row = await db
    .selectFrom('sections')
    .select('id')
    .where('id', '=', sectionId)
    .where('course_id', '=', courseId)
    .executeTakeFirst()
  return row !== undefined
}

export function findCourseOfSection(db: Db, sectionId: string): Promise<CourseFactsRow | undefined> {
  return ofSection(db, sectionId).executeTakeFirst()
}

/** Holds the section's course against every other change. The section itself may be gone by then. */
export function lockCourseOfSection(tx: Tx, sectionId: string): Promise<CourseFactsRow | undefined> {
  return ofSection(tx, sectionId).forNoKeyUpdate('courses').executeTakeFirst()
}

function ofSection(db: Db, sectionId: string) {
  return selectFacts(db).where('courses.id', '=', (from) =>
    from.selectFrom('sections').select('sections.course_id').where('sections.id', '=', sectionId),
  )
}

/** Adds a section at the end; the caller holds the course. */
export function insertSection(tx: Tx, section: Omit<SectionRow, 'position'>): Promise<SectionRow> {
  return tx
    .insertInto('sections')
    .values({
      ...section,
      position: sql`(select coalesce(max(position), 0) + 1 from sections where course_id = ${section.course_id})`,
    })
    .returning(columns)
    .executeTakeFirstOrThrow()
}

export function updateSection(
  tx: Tx,
  id: string,
  change: Partial<Pick<SectionRow, 'title' | 'description'>>,
): Promise<SectionRow | undefined> {
  return tx
    .updateTable('sections')
    .set({ ...change, id })
    .where('id', '=', id)
    .returning(columns)
    .executeTakeFirst()
}

/** Removes a section with its lessons and closes the gap; false where it is gone. The caller holds the course. */
export async function deleteSection(tx: Tx, id: string): Promise<boolean> {
  const gone = await tx
    .deleteFrom('sections')
    .where('id', '=', id)
    .returning(['course_id', 'position'])
    .executeTakeFirst()
  if (!gone) return false
  await closeGap(tx, 'sections', { in: gone.course_id, position: gone.position })
  return true
}
