import { sql } from 'kysely'
import type { Db } from '../../platform/database/database.ts'
import { isNoted } from '../learning/index.ts'

/** When somebody began an attempt at a quiz of a course, or last did something with it. */
export interface AttemptMoment {
  readonly userId: string
  readonly courseId: string
  readonly at: Date
}

/** Those that are not noted as activity. */
export async function findUnnotedAttempts(db: Db, limit: number): Promise<AttemptMoment[]> {
  const { rows } = await sql<AttemptMoment>`
    select user_id as "userId", course_id as "courseId", at
    from (
      select user_id, course_id, at from attempts
      join quizzes on quizzes.id = attempts.quiz_id, unnest(array[started_at, active_at]) at
    ) happened
    where not ${isNoted} limit ${limit}`.execute(db)
  return rows
}
