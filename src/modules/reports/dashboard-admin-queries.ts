import { sql } from 'kysely'
import type { Role } from '../../platform/actor.ts'
import type { Db } from '../../platform/database/database.ts'
import { type PersonCard, personCard } from '../accounts/index.ts'
import { teachings } from '../catalogue/index.ts'
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
import { utcDay, utcMidnightFrom } from './dashboard-rules.ts'

export interface SchoolRow {
  readonly users: readonly {
    readonly role: Role
    readonly status: 'active' | 'suspended'
    readonly people: number
  }[]
  readonly courses: CourseCounts
  readonly enrollments: EnrollmentCounts
  readonly revenue: readonly RevenueRow[]
  readonly last_backup_at: string | null
}

/** Both ends, so that the server takes it for short whatever the moments are, and plans once. */
interface Span {
  readonly from: Date
  readonly to: Date
}

/** The whole school, of what is counted already. */
export async function findSchool(db: Db, month: Span): Promise<SchoolRow> {
  const firstDay = utcMidnightFrom(month.from)
  const { rows } = await sql<SchoolRow>`
    select
      ${listed(sql`
        select role, status, sum(people)::int as people from user_counts where status <> 'deleted' group by role, status`)} as users,
      ${single(sql`select ${coursesByStatus} from courses`)} as courses,
      ${single(sql`select ${enrollmentsByStatus} from school_enrollment_totals`)} as enrollments,
      ${listed(sql`
        select currency, net, refunded, coalesce(this_month, 0) as this_month
        from (
          select currency, sum(captured - refunded)::bigint as net, sum(refunded)::bigint as refunded
          from school_revenue_totals group by currency
        ) in_all
        left join (
          select currency, sum(captured - refunded)::bigint as this_month
          from (
            select currency, captured, refunded from school_revenue_slots where slot >= ${month.from} and slot < ${firstDay}
            union all
            select currency, captured, refunded from school_revenue_days
            where day >= ${utcDay(firstDay)}::date and day <= ${utcDay(month.to)}::date
          ) since group by currency
        ) lately using (currency)
        order by currency`)} as revenue,
      (select occurred_at from events where type = 'backup.made' order by id desc limit 1) as last_backup_at`.execute(
    db,
  )
  return one(rows)
}

/** Of so many courses that were changed last those who teach them are looked at: the bound of what the list costs. */
const coursesLookedAt = 200
const mostInstructors = 10

export interface InstructorRow {
  readonly person: PersonCard
  readonly courses: CourseCounts
  readonly enrollments: EnrollmentCounts
  readonly new_enrollments: number
  readonly revenue: readonly Pick<RevenueRow, 'currency' | 'net'>[]
  readonly last_change_at: Date
}

/** Who teaches the courses that were changed last, with what their courses come to: all of one kind in one go, not one after another. */
export async function findInstructors(db: Db, lately: Span): Promise<InstructorRow[]> {
  const { rows } = await sql<InstructorRow>`
    with teacher as materialized (
      select user_id, max(updated_at) as last_change_at
      from (
        select id, updated_at from courses order by updated_at desc, id desc limit ${sql.lit(coursesLookedAt)}
      ) changed join ${teachings} taught on taught.course_id = changed.id
      group by user_id order by last_change_at desc, user_id desc limit ${sql.lit(mostInstructors)}
    ), own as materialized (
      select user_id, course_id from teacher join course_instructors using (user_id)
    ), counted as materialized (
      select user_id, ${coursesByStatus}, ${enrollmentsByStatus}
      from own join courses on courses.id = own.course_id left join enrollment_totals using (course_id)
      group by user_id
    ), begun as materialized (
      select user_id, sum(of_course.activated)::int as activated
      from own cross join lateral (
        select sum(activated) as activated from enrollment_slots
        where course_id = own.course_id and slot >= ${lately.from} and slot <= ${lately.to}
      ) of_course group by user_id
    ), earned as materialized (
      select user_id, json_agg(json_build_object('currency', currency, 'net', net) order by currency) as revenue
      from (
        select user_id, currency, sum(captured - refunded)::bigint as net
        from own join revenue_totals using (course_id) group by user_id, currency
      ) of_currency group by user_id
    )
    select ${personCard('teacher.user_id')} as person, last_change_at,
      ${single(sql`select draft, published, archived`)} as courses,
      ${single(sql`select pending, active, completed, cancelled`)} as enrollments,
      coalesce(activated, 0) as new_enrollments, coalesce(revenue, '[]') as revenue
    from teacher join counted using (user_id) left join begun using (user_id) left join earned using (user_id)
    order by last_change_at desc, user_id desc`.execute(db)
  return rows
}
