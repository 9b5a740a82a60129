import { type RawBuilder, type SqlBool, sql, type Updateable } from 'kysely'
import type { Db, Tx } from '../../platform/database/database.ts'
import type { Courses, InstructorRole } from '../../platform/database/schema.ts'
import { isId } from '../../platform/ids.ts'
import {
  type CourseFactsRow,
  type CoursePageRow,
  type CourseRow,
  sections,
  selectCourses,
  selectFacts,
} from './course-selection.ts'

/** The course with everything that its page shows, by its id or its slug. */
export async function findCoursePage(db: Db, idOrSlug: string): Promise<CoursePageRow | undefined> {
  const row = await selectCourses(db)
    .select(['courses.description', sections.as('sections')])
    .where(isId(idOrSlug) ? 'courses.id' : 'courses.slug', '=', idOrSlug)
    .executeTakeFirst()
  return row && { ...row, instructor_ids: row.instructors.map(({ person }) => person.id) }
}

/** The course alone, to answer a write with. */
export function findCourse(
  db: Db,
  id: string,
): Promise<(CourseRow & { description: string | null }) | undefined> {
  return selectCourses(db).select('courses.description').where('courses.id', '=', id).executeTakeFirst()
}

export function findCourseFacts(db: Db, id: string): Promise<CourseFactsRow | undefined> {
  return selectFacts(db).where('courses.id', '=', id).executeTakeFirst()
}

/** Keeps the course from being deleted until the transaction ends, and nothing else from happening to it. */
export function holdCourse(tx: Tx, id: string): Promise<CourseFactsRow | undefined> {
  return selectFacts(tx).where('courses.id', '=', id).forKeyShare('courses').executeTakeFirst()
}

/** Holds the course against every other change of it, its sections and its lessons, until the transaction ends. */
export function lockCourse(tx: Tx, id: string): Promise<CourseFactsRow | undefined> {
  return selectFacts(tx).where('courses.id', '=', id).forNoKeyUpdate('courses').executeTakeFirst()
}

export interface CourseTitle {
  readonly id: string
  readonly slug: string
  readonly title: string
}

export function findCourseTitles(db: Db, ids: readonly string[]): Promise<CourseTitle[]> {
  return db
    .selectFrom('courses')
    .select(['id', 'slug', 'title'])
    .where(sql<SqlBool>`id = any(${ids}::uuid[])`)
    .execute()
}

/**
 * Whether a person is an instructor of the course whose id stands in a column, as an expression to select by.
 * @param column such as `coupons.course_id`
 */
export function isTaughtBy(column: string, userId: string): RawBuilder<SqlBool> {
  return sql<SqlBool>`exists (
    select from course_instructors where course_id = ${sql.ref(column)} and user_id = ${userId})`
}

/** Undefined where the slug is taken. */
export async function insertCourse(
  tx: Tx,
  course: Updateable<Courses> & { id: string; slug: string; title: string; created_at: Date },
): Promise<string | undefined> {
  const row = await tx
    .insertInto('courses')
    .values({ ...course, updated_at: course.created_at })
    .onConflict((conflict) => conflict.constraint('courses_slug').doNothing())
    .returning('id')
    .executeTakeFirst()
  return row?.id
}

export async function findCourseSlugs(db: Db, base: string): Promise<string[]> {
  const rows = await db.selectFrom('courses').select('slug').where('slug', 'like', `${base}-%`).execute()
  return rows.map((row) => row.slug)
}

export async function insertInstructor(
  tx: Tx,
  instructor: { course_id: string; user_id: string; role: InstructorRole },
): Promise<void> {
  await tx.insertInto('course_instructors').values(instructor).execute()
}

/** Writes a change of the course, or just counts a change of what it holds. */
export async function updateCourse(
  tx: Tx,
  id: string,
  change: Updateable<Courses> & { updated_at: Date },
): Promise<void> {
  await tx
    .updateTable('courses')
    .set({ ...change, version: sql`version + 1` })
    .where('id', '=', id)
    .execute()
}

export async function deleteCourse(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('courses').where('id', '=', id).execute()
}
