import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/database.ts'
import { answerNotRead } from '../../platform/database/statements.ts'
import { placements } from '../enrollments/index.ts'

/** Somebody did something in a course in the quarter of an hour that holds this moment. */
export interface Activity {
  readonly userId: string
  readonly courseId: string
  readonly at: Date
}

export async function insertActivity(tx: Tx, { userId, courseId, at }: Activity): Promise<void> {
  await sql`select note_activity(${userId}::uuid, ${courseId}::uuid, ${at}::timestamptz) ${answerNotRead}`.execute(
    tx,
  )
}

/**
 * Whether an activity is noted: an expression. Its statement names the columns `user_id`, `course_id` and `at` of what it asks about.
 */
export const isNoted = sql<boolean>`exists (
  select from activity_days noted
  where noted.user_id = happened.user_id and noted.course_id = happened.course_id
    and noted.day = (happened.at at time zone 'UTC')::date
    and get_bit(noted.quarters, (floor(extract(epoch from happened.at) / 900)::bigint % 96)::int) = 1)`

/** What progress and passed exams say that somebody did, and is not noted; one of each quarter of an hour. */
export async function findMissingActivity(db: Db, limit: number): Promise<Activity[]> {
  const { rows } = await sql<Activity>`
    select user_id as "userId", course_id as "courseId", at
    from (
      select distinct user_id, course_id, learning_slot(at) as at
      from (
        select enrollment_id, completed_at as at from lesson_progress where completed_at is not null
        union all select enrollment_id, updated_at from lesson_progress
        union all select enrollment_id, passed_at from exam_passes
      ) known join ${placements} placement using (enrollment_id)
    ) happened
    where not ${isNoted} limit ${limit}`.execute(db)
  return rows
}

export interface ActiveDay {
  /** As PostgreSQL writes it: `2026-11-21`, in UTC. */
  readonly day: string
  readonly courseId: string
  /** When the quarters of an hour begin. */
  readonly quarters: readonly string[]
}

/** The days of a person, oldest first. */
export async function findActiveDays(
  db: Db,
  userId: string,
  page: { after: ActiveDay | null; limit: number },
): Promise<ActiveDay[]> {
  const { after, limit } = page
  const { rows } = await sql<ActiveDay>`
    select day::text, course_id as "courseId",
      array(select to_json(moment)#>>'{}' from active_moments(day, quarters) moment order by moment) as quarters
    from activity_days
    where user_id = ${userId}
      and (${after === null}::boolean or (day, course_id) > (${after?.day ?? null}::date, ${after?.courseId ?? null}::uuid))
    order by day, course_id limit ${limit}`.execute(db)
  return rows
}

export async function deleteActivityOf(tx: Tx, userId: string): Promise<void> {
  await tx.deleteFrom('activity_days').where('user_id', '=', userId).execute()
}
