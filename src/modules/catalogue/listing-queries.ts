import { type SqlBool, sql } from 'kysely'
import type { Db } from '../../platform/database/database.ts'
import type { CourseStatus } from '../../platform/database/schema.ts'
import { type CourseNumbers, courseNumbers } from './course-numbers.ts'
import { type CourseRow, selectCourses } from './course-selection.ts'

/** What lists show of courses, of those that are listed. */
export function findCards(db: Db, ids: readonly string[]): Promise<CourseRow[]> {
  return selectCourses(db)
    .innerJoin('course_search', 'course_search.course_id', 'courses.id')
    .where(sql<SqlBool>`courses.id = any(${ids}::uuid[])`)
    .execute()
}

/** The listed courses that a person teaches, by number. */
export async function findTaughtNumbers(db: Db, instructor: string): Promise<CourseNumbers> {
  const { rows } = await sql<{ number: number }>`
    select number from course_search join course_instructors using (course_id) where user_id = ${instructor}`.execute(
    db,
  )
  return courseNumbers(rows.map(({ number }) => number))
}

/** The courses that a person teaches, newest first. */
export function findTaught(
  db: Db,
  userId: string,
  filter: { status?: CourseStatus },
  page: { after: string | null; limit: number },
): Promise<CourseRow[]> {
  let query = selectCourses(db)
    .innerJoin('course_instructors', 'course_instructors.course_id', 'courses.id')
    .where('course_instructors.user_id', '=', userId)
  if (filter.status !== undefined) query = query.where('courses.status', '=', filter.status)
  if (page.after !== null) query = query.where('course_instructors.course_id', '<', page.after)
  return query.orderBy('course_instructors.course_id', 'desc').limit(page.limit).execute()
}
