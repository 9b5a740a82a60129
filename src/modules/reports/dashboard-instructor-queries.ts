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
import { quarterOfDay, utcDay } from './dashboard-rules.ts'

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

export interface TeachingRow {
  readonly courses: CourseCounts
  readonly enrollments: EnrollmentCounts
  readonly active_people: { readonly week: number; readonly month: number }
  readonly revenue: readonly RevenueRow[]
  /** How many reviews there are, and the sum of their stars. */
  readonly rating: { readonly count: number; readonly stars: number }
  /** A page of the courses, newest first, with what each comes to. */
  readonly taught: readonly TaughtCourseRow[]
}

/** Since when somebody counts as active, and since when a month is this one; and now, so that each has two ends: the server then takes them for
short whatever the moments are, and plans once. */
export interface Since {
  readonly at: Date
  readonly week: Date
  readonly month: Date
  readonly monthStart: Date
}

/** Whether an activity of the day of a moment was not before it: that day is the moment's own. */
const isFrom = (at: Date) => sql`position(B'1' in substring(quarters from ${quarterOfDay(at)}::int + 1)) > 0`

/** What all courses come to that a person teaches, and each of a page of them: who was active is looked up once for both. */
export async function findTeaching(
  db: Db,
  userId: string,
  since: Since,
  page: { after: string | null; limit: number },
): Promise<TeachingRow> {
  const { rows } = await sql<TeachingRow>`
    with own as materialized (
      select course_id, role from course_instructors where user_id = ${userId}
    ), learned as materialized (
      select course_id, user_id, this_week
      from own cross join lateral (
        select user_id, bool_or(this_week) as this_week
        from (
          -- Which quarters of a day they were active in is asked of two days alone: of the others an index knows enough.
          select user_id, day > ${utcDay(since.week)}::date as this_week from activity_days
          where course_id = own.course_id and day > ${utcDay(since.month)}::date and day <= ${utcDay(since.at)}::date
            and day <> ${utcDay(since.week)}::date
          union all
          select user_id, ${isFrom(since.week)} from activity_days
          where course_id = own.course_id and day = ${utcDay(since.week)}::date
          union all
          select user_id, false from activity_days
          where course_id = own.course_id and day = ${utcDay(since.month)}::date and ${isFrom(since.month)}
        ) active group by user_id
      ) person
    ), lately as materialized (
      select course_id, count(*)::int as people from learned group by course_id
    )
    select
      ${single(sql`select ${coursesByStatus} from own join courses on courses.id = course_id`)} as courses,
      ${single(sql`select ${enrollmentsByStatus} from own join enrollment_totals using (course_id)`)} as enrollments,
      ${single(sql`
        select count(*)::int as month, count(*) filter (where this_week)::int as week
        from (select bool_or(this_week) as this_week from learned group by user_id) person`)} as active_people,
      ${listed(sql`
        select currency, net, refunded, coalesce(this_month, 0) as this_month
        from (
          select currency, sum(captured - refunded)::bigint as net, sum(refunded)::bigint as refunded
          from own join revenue_totals using (course_id) group by currency
        ) in_all
        left join (
          select currency, sum(captured - refunded)::bigint as this_month
          from own join revenue_slots using (course_id)
          where slot >= ${since.monthStart} and slot <= ${since.at} group by currency
        ) this_one using (currency)
        order by currency`)} as revenue,
      ${single(sql`
        select coalesce(sum(rating_count), 0)::int as count,
          coalesce(sum(stars[1] + 2 * stars[2] + 3 * stars[3] + 4 * stars[4] + 5 * stars[5]), 0)::int as stars
        from own join course_stats using (course_id)`)} as rating,
      ${listed(sql`
        select courses.id, slug, title, courses.status, role, course_stats.lessons, rating_average, rating_count,
          coalesce(pending, 0) as pending, coalesce(active, 0) as active, coalesce(completed, 0) as completed,
          coalesce(cancelled, 0) as cancelled,
          coalesce((select sum(lessons) from course_progress where course_id = courses.id), 0)::int as completed_lessons,
          coalesce(people, 0) as active_people,
          ${listed(sql`
            select currency, captured - refunded as net from revenue_totals
            where course_id = courses.id order by currency`)} as revenue
        from (
          select * from own where ${page.after}::uuid is null or course_id < ${page.after}::uuid
          order by course_id desc limit ${page.limit}
        ) paged
        join courses on courses.id = course_id
        join course_stats using (course_id)
        left join enrollment_totals using (course_id)
        left join lately using (course_id)
        order by course_id desc`)} as taught`.execute(db)
  return one(rows)
}
