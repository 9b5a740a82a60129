import { sql } from 'kysely'
import type { Db } from '../../platform/database/database.ts'
import type { CourseStatus, InstructorRole } from '../../platform/database/schema.ts'
import {
  type CourseCounts,
  coursesByStatus,
  type EnrollmentCounts,
  enrollmentsByStatus,
  listed,
  one,
  type RevenueRow,
  single,
} from './dashboard-course-queries.ts'

export interface TeachingRow {
  readonly courses: CourseCounts
  readonly enrollments: EnrollmentCounts
  readonly active_people: { readonly week: number; readonly month: number }
  readonly revenue: readonly RevenueRow[]
  /** How many reviews there are, and the sum of their stars. */
  readonly rating: { readonly count: number; readonly stars: number }
}

/** Since when somebody counts as active, and since when a month is this one; and now, so that each has two ends: the server then takes them for
short whatever the moments are, and plans once. */
export interface Since {
  readonly at: Date
  readonly week: Date
  readonly month: Date
  readonly monthStart: Date
}

const taught = (userId: string) =>
  sql`(select course_id from course_instructors where user_id = ${userId}::uuid)`

/** Whether what was done on a UTC day is no older than the beginning of a quarter of an hour. */
const isSince = (at: Date) => sql`(
  day > (${at}::timestamptz at time zone 'UTC')::date or position(B'1' in substring(
    quarters from (extract(epoch from ${at}::timestamptz)::bigint / 900 % 96)::int + 1)) > 0)`
const dayOf = (at: Date) => sql`(${at}::timestamptz at time zone 'UTC')::date`

/** What all courses come to that a person teaches, in one statement. */
export async function findTeaching(db: Db, userId: string, since: Since): Promise<TeachingRow> {
  const own = taught(userId)
  const { rows } = await sql<TeachingRow>`
    select
      ${single(sql`select ${coursesByStatus} from courses where id in ${own}`)} as courses,
      ${single(sql`select ${enrollmentsByStatus} from enrollment_totals where course_id in ${own}`)} as enrollments,
      ${single(sql`
        select count(*)::int as month, count(*) filter (where this_week)::int as week
        from (
          select user_id, bool_or(day >= ${dayOf(since.week)} and ${isSince(since.week)}) as this_week
          from activity_days
          where course_id in ${own} and day between ${dayOf(since.month)} and ${dayOf(since.at)} and ${isSince(since.month)}
          group by user_id
        ) person`)} as active_people,
      ${listed(sql`
        select currency, net, refunded, coalesce(this_month, 0) as this_month
        from (
          select currency, sum(captured - refunded)::bigint as net, sum(refunded)::bigint as refunded
          from revenue_totals where course_id in ${own} group by currency
        ) in_all
        left join (
          select currency, sum(captured - refunded)::bigint as this_month
          from revenue_slots where course_id in ${own} and slot >= ${since.monthStart} and slot <= ${since.at} group by currency
        ) lately using (currency)
        order by currency`)} as revenue,
      ${single(sql`
        select coalesce(sum(rating_count), 0)::int as count,
          coalesce(sum(stars[1] + 2 * stars[2] + 3 * stars[3] + 4 * stars[4] + 5 * stars[5]), 0)::int as stars
        from course_stats where course_id in ${own}`)} as rating`.execute(db)
  return one(rows)
}

export interface TaughtCourseRow extends EnrollmentCounts {
  readonly id: string
  readonly slug: string
  readonly title: string
  readonly status: CourseStatus
  readonly role: InstructorRole
  readonly lessons: number
  /** Those who are under way have completed so many lessons, all together. */
  readonly completed_lessons: number
  readonly active_people: number
  readonly revenue: readonly Pick<RevenueRow, 'currency' | 'net'>[]
  readonly rating_average: number
  readonly rating_count: number
}

/** The courses that a person teaches, newest first, with what each comes to. */
export async function findTaughtCourses(
  db: Db,
  userId: string,
  since: Since,
  page: { after: string | null; limit: number },
): Promise<TaughtCourseRow[]> {
  const { rows } = await sql<TaughtCourseRow>`
    select courses.id, slug, title, courses.status, own.role, course_stats.lessons, rating_average, rating_count,
      coalesce(pending, 0) as pending, coalesce(active, 0) as active, coalesce(completed, 0) as completed,
      coalesce(cancelled, 0) as cancelled,
      coalesce((select sum(lessons) from course_progress where course_id = courses.id), 0)::int as completed_lessons,
      (select count(distinct user_id)::int from activity_days
       where course_id = courses.id and day between ${dayOf(since.month)} and ${dayOf(since.at)} and ${isSince(since.month)}) as active_people,
      ${listed(sql`
        select currency, captured - refunded as net from revenue_totals where course_id = courses.id order by currency`)} as revenue
    from (
      select course_id, role from course_instructors
      where user_id = ${userId}::uuid and (${page.after}::uuid is null or course_id < ${page.after}::uuid)
      order by course_id desc limit ${page.limit}
    ) own
    join courses on courses.id = own.course_id
    join course_stats on course_stats.course_id = own.course_id
    left join enrollment_totals on enrollment_totals.course_id = own.course_id
    order by courses.id desc`.execute(db)
  return rows
}
