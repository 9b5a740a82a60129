import { sql } from 'kysely'
import type { Db } from '../../platform/database/database.ts'
import { type Period, type Piece, piecesOf } from './rules.ts'

/** The time zone of a person's profile. */
export async function findTimezone(db: Db, userId: string): Promise<string | null> {
  const row = await db.selectFrom('users').select('timezone').where('id', '=', userId).executeTakeFirst()
  return row?.timezone ?? null
}

/** In which interval of a period a column falls, from 1, and that it falls into one: to select and to filter by. */
const within = ({ bounds }: Period, column: string) => ({
  place: sql<number>`width_bucket(${sql.ref(column)}, ${bounds}::timestamptz[])`,
  inside: sql<boolean>`${sql.ref(column)} >= ${bounds[0]}::timestamptz and ${sql.ref(column)} < ${bounds.at(-1)}::timestamptz`,
})

export interface EnrollmentsRow {
  readonly place: number
  readonly begun: number
  readonly activated: number
  readonly completed: number
  readonly cancelled: number
}

export async function findEnrollmentSeries(db: Db, period: Period): Promise<EnrollmentsRow[]> {
  const { place, inside } = within(period, 'slot')
  const { rows } = await sql<EnrollmentsRow>`
    select ${place} as place, sum(begun)::integer as begun, sum(activated)::integer as activated,
      sum(completed)::integer as completed, sum(cancelled)::integer as cancelled
    from school_enrollment_slots where ${inside} group by 1`.execute(db)
  return rows
}

export interface RevenueRow {
  readonly place: number
  readonly currency: string
  readonly captured: number
  readonly refunded: number
  readonly payments: number
}

export async function findRevenueSeries(db: Db, period: Period): Promise<RevenueRow[]> {
  const { place, inside } = within(period, 'slot')
  const { rows } = await sql<RevenueRow>`
    select ${place} as place, currency, sum(captured)::bigint as captured, sum(refunded)::bigint as refunded,
      sum(payments)::integer as payments
    from school_revenue_slots where ${inside} group by 1, 2`.execute(db)
  return rows
}

export interface EngagementRow {
  readonly place: number
  readonly students: number
  readonly quarters: number
  readonly lessons: number
  readonly completions: number
  readonly enrollments: number
}

export async function findEngagementSeries(
  db: Db,
  courseId: string,
  period: Period,
): Promise<EngagementRow[]> {
  const { place, inside } = within(period, 'slot')
  const pieces = piecesOf(period)
  const all = <Key extends keyof Piece>(key: Key) => pieces.map((piece) => piece[key])
  const quarters = sql`bit_count(substring(quarters from first + 1 for length))`
  const { rows } = await sql<EngagementRow>`
    with part as (
      select place, user_id, ${quarters}::integer as quarters
      from unnest(${all('place')}::integer[], ${all('day')}::date[], ${all('first')}::integer[], ${all('length')}::integer[])
        piece (place, day, first, length)
      join activity_days using (day)
      where course_id = ${courseId} and ${quarters} > 0
        and day between ${pieces[0]?.day ?? null}::date and ${pieces.at(-1)?.day ?? null}::date
    ), student as (
      select place, sum(quarters)::integer as quarters from part group by place, user_id
    ), active as (
      select place, count(*)::integer as students, sum(quarters)::integer as quarters from student group by place
    ), learned as (
      select ${place} as place, sum(lessons_completed)::integer as lessons, sum(courses_completed)::integer as completions
      from learning_counts where course_id = ${courseId} and ${inside} group by 1
    ), enrolled as (
      select ${place} as place, sum(activated)::integer as enrollments
      from enrollment_slots where course_id = ${courseId} and ${inside} group by 1
    )
    select place, coalesce(students, 0) as students, coalesce(quarters, 0) as quarters, coalesce(lessons, 0) as lessons,
      coalesce(completions, 0) as completions, coalesce(enrollments, 0) as enrollments
    from active full join learned using (place) full join enrolled using (place)`.execute(db)
  return rows
}

export interface AttemptsRow {
  readonly place: number
  readonly quizId: string
  readonly title: string
  readonly lessonId: string | null
  readonly attempts: number
  /** The sum of their scores, in percent. */
  readonly scores: number
  readonly passed: number
}

/** What was handed in (or ended by its deadline) of each quiz of a course; of one without attempts a row with the place 0. */
export async function findAttemptSeries(db: Db, courseId: string, period: Period): Promise<AttemptsRow[]> {
  const { place, inside } = within(period, 'submitted_at')
  const { rows } = await sql<AttemptsRow>`
    select coalesce(handed_in.place, 0) as place, quizzes.id as "quizId", title, lesson_id as "lessonId",
      coalesce(attempts, 0) as attempts, coalesce(scores, 0) as scores, coalesce(passed, 0) as passed
    from quizzes left join lateral (
      select ${place} as place, count(*)::integer as attempts, sum(score_percent)::integer as scores,
        (count(*) filter (where attempts.passed))::integer as passed
      from attempts where quiz_id = quizzes.id and submitted_at is not null and ${inside} group by 1
    ) handed_in on true
    where course_id = ${courseId} and (removed_at is null or handed_in.place is not null)
    order by quizzes.id`.execute(db)
  return rows
}
