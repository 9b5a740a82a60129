import { type RawBuilder, type SqlBool, sql, type Updateable } from 'kysely'
import type { Db, Tx } from '../../platform/database/database.ts'
import type { Courses, InstructorRole } from '../../platform/database/schema.ts'
import { isId } from '../../platform/ids.ts'
import { isTeacher } from '../accounts/index.ts'
import {
  type CourseFactsRow,
  type CoursePageRow,
  type CourseRow,
  type InstructorRow,
  sections,
  selectCourses,
  selectFacts,
  textMedia,
} from './course-selection.ts'

/** The course with everything that its page shows, by its id, its slug, or one that it had. */
export async function findCoursePage(db: Db, idOrSlug: string): Promise<CoursePageRow | undefined> {
  const row = await selectCourses(db)
    .select(['courses.description', sections.as('sections'), textMedia.as('text_media')])
    .where(isId(idOrSlug) ? 'courses.id' : 'courses.slug', '=', idOrSlug)
    .executeTakeFirst()
  if (row) return { ...row, ...partsOf(row.instructors) }
  const renamed = isId(idOrSlug) ? undefined : await findRenamed(db, idOrSlug)
  return renamed === undefined ? undefined : findCoursePage(db, renamed)
}

/** Who has which part, as the facts of a course have it. */
function partsOf(instructors: readonly InstructorRow[]) {
  const leads = instructors.filter(({ role }) => role === 'lead')
  return {
    instructor_ids: instructors.map(({ person }) => person.id),
    lead_ids: leads.map(({ person }) => person.id),
  }
}

/** The id of the course that had this slug once. */
async function findRenamed(db: Db, slug: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('course_slugs')
    .select('course_id')
    .where('slug', '=', slug)
    .executeTakeFirst()
  return row?.course_id
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

/** How each course is named where something else is about it: an expression to select from. */
export const courseTitles = sql`(select id, slug, title from courses)`

export function findCourseTitles(db: Db, ids: readonly string[]): Promise<CourseTitle[]> {
  return db
    .selectFrom('courses')
    .select(['id', 'slug', 'title'])
    .where(sql<SqlBool>`id = any(${ids}::uuid[])`)
    .execute()
}

/** Those of these courses that are published and not hidden: what people may be sent to. */
export function findShownCourses(
  db: Db,
  ids: readonly string[],
): Promise<(CourseTitle & { readonly sequential: boolean })[]> {
  return db
    .selectFrom('courses')
    .select(['id', 'slug', 'title', 'sequential'])
    .where(sql<SqlBool>`id = any(${ids}::uuid[])`)
    .where('status', '=', 'published')
    .where('hidden_at', 'is', null)
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

/** Who teaches what: an expression to select from, `course_id` and `user_id`. Whose role teaches no more is not among them. */
export const teachings = sql`(
  select course_id, user_id from course_instructors where ${isTeacher('course_instructors.user_id')})`

/** The names of all pictures, each once though copies of a course share one, after another in their order. */
export async function findThumbnailKeys(db: Db, page: { after: string; atMost: number }): Promise<string[]> {
  const rows = await db
    .selectFrom('courses')
    .select('thumbnail_key')
    .distinct()
    .where('thumbnail_key', '>', page.after)
    .orderBy('thumbnail_key')
    .limit(page.atMost)
    .execute()
  return rows.flatMap(({ thumbnail_key }) => thumbnail_key ?? [])
}

export async function hasThumbnail(db: Db, key: string): Promise<boolean> {
  const row = await db
    .selectFrom('courses')
    .select('id')
    .where('thumbnail_key', '=', key)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

export async function insertCourse(
  tx: Tx,
  course: Updateable<Courses> & { id: string; slug: string; title: string; created_at: Date },
): Promise<void> {
  await tx
    .insertInto('courses')
    .values({ ...course, updated_at: course.created_at })
    .execute()
}

/** Gives a course a slug, for as long as there is the course; undefined where another has or had it. */
export async function insertSlug(
  tx: Tx,
  { slug, courseId }: { slug: string; courseId: string },
): Promise<string | undefined> {
  const { rows } = await sql<{ slug: string }>`
    insert into course_slugs (slug, course_id) values (${slug}, ${courseId})
    on conflict (slug) do update set course_id = excluded.course_id
      where course_slugs.course_id = excluded.course_id
    returning slug`.execute(tx)
  return rows[0]?.slug
}

/** The slugs that a course has or had. */
export async function findSlugsOf(db: Db, courseId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('course_slugs')
    .select('slug')
    .where('course_id', '=', courseId)
    .orderBy('slug')
    .execute()
  return rows.map((row) => row.slug)
}

/** The slugs that courses have or had: this one with a number behind it. */
export async function findCourseSlugs(db: Db, base: string): Promise<string[]> {
  const rows = await db
    .selectFrom('course_slugs')
    .select('slug')
    .where('slug', 'like', `${base}-%`)
    .where('slug', '~', `^${base}-[0-9]+$`)
    .execute()
  return rows.map((row) => row.slug)
}

export async function insertInstructor(
  tx: Tx,
  instructor: { course_id: string; user_id: string; role: InstructorRole },
): Promise<void> {
  await tx.insertInto('course_instructors').values(instructor).execute()
}

/** Who teaches the course, and as what. */
export async function findInstructors(
  db: Db,
  courseId: string,
): Promise<{ userId: string; role: InstructorRole }[]> {
  return await db
    .selectFrom('course_instructors')
    .select(['user_id as userId', 'role'])
    .where('course_id', '=', courseId)
    .orderBy('user_id')
    .execute()
}

/** These teach the course from now on, and no others. */
export async function replaceInstructors(
  tx: Tx,
  courseId: string,
  instructors: readonly { userId: string; role: InstructorRole }[],
): Promise<void> {
  const userIds = instructors.map(({ userId }) => userId)
  const parts = instructors.map(({ role }) => role)
  await tx
    .deleteFrom('course_instructors')
    .where('course_id', '=', courseId)
    .where(sql<SqlBool>`user_id <> all(${userIds}::uuid[])`)
    .execute()
  await sql`
    insert into course_instructors (course_id, user_id, role)
    select ${courseId}::uuid, part.user_id, part.role
    from unnest(${userIds}::uuid[], ${parts}::instructor_role[]) part (user_id, role)
    on conflict (course_id, user_id) do update set role = excluded.role`.execute(tx)
}

/** Writes a change of the course, or just counts a change of what it holds. Gives the version that it has then. */
export async function updateCourse(
  tx: Tx,
  id: string,
  change: Updateable<Courses> & { updated_at: Date },
): Promise<number> {
  const { version } = await tx
    .updateTable('courses')
    .set({ ...change, version: sql`version + 1` })
    .where('id', '=', id)
    .returning('version')
    .executeTakeFirstOrThrow()
  return version
}

export async function deleteCourse(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('courses').where('id', '=', id).execute()
}
