import { sql } from 'kysely'
import type { Static } from 'typebox'
import type { Cause } from '../../platform/actor.ts'
import type { Db, Tx } from '../../platform/database/database.ts'
import { prepare } from '../../platform/database/prepared.ts'
import type { AttemptStatus, EnrollmentStatus } from '../../platform/database/schema.ts'
import { answerNotRead } from '../../platform/database/statements.ts'
import { stating } from '../../platform/events/events.ts'
import { newId } from '../../platform/ids.ts'
import { liveEnrollments } from '../enrollments/index.ts'
import { type AnsweredRow, answeredColumns } from './attempt-queries.ts'
import { attemptSubmitted } from './events.ts'
import type { Score } from './grading-rules.ts'
import type { Closing } from './rules.ts'
import type { Key } from './sheet-rules.ts'

/** What grading an attempt needs beside it. */
export interface GradingFacts {
  readonly answer_key: readonly Key[]
  readonly pass_percent: number
  readonly course_id: string
  readonly lesson_id: string | null
  /** Whether the quiz was taken away since. */
  readonly removed: boolean
  /** The enrollment that its student has in the course now; null: none. */
  readonly live_id: string | null
  readonly live_status: EnrollmentStatus | null
}

const gradingFacts = sql`
  answer_key, attempts.pass_percent, quizzes.course_id, quizzes.lesson_id, removed_at is not null as removed,
    live.id as live_id, live.status as live_status
  from attempts join quizzes on quizzes.id = attempts.quiz_id
  left join ${liveEnrollments} live on live.user_id = attempts.user_id and live.course_id = quizzes.course_id`

const selectGradingFacts = prepare<{ attemptId: string }, GradingFacts>(
  ({ attemptId }) => sql`select ${gradingFacts} where attempts.id = ${attemptId}`,
)

/** @param attemptId of an attempt that the caller holds */
export async function findGradingFacts(db: Db, attemptId: string): Promise<GradingFacts> {
  const [facts] = await selectGradingFacts(db, { attemptId })
  if (!facts) throw new Error('an attempt that is held is gone')
  return facts
}

export interface OwnAttempt extends GradingFacts, AnsweredRow {
  /** When its student last did something with it. */
  readonly active_at: Date
}

const selectOwnAttempt = prepare<{ attemptId: string; userId: string }, OwnAttempt>(
  ({ attemptId, userId }) => sql`
    select ${sql.join(answeredColumns.map((column) => sql.ref(column)))}, active_at, ${gradingFacts}
    where attempts.id = ${attemptId} and attempts.user_id = ${userId}`,
)

/** The attempt of a person, with the same. */
export async function findOwnAttempt(
  db: Db,
  which: { attemptId: string; userId: string },
): Promise<OwnAttempt | undefined> {
  const [attempt] = await selectOwnAttempt(db, which)
  return attempt
}

interface Closed extends Closing, Score {
  readonly passed: boolean
  /** When its student did it; null: nobody did. */
  readonly activeAt: Date | null
}

const closeAndState = prepare<
  {
    attemptId: string
    status: AttemptStatus
    submittedAt: Date
    scorePercent: number
    passed: boolean
    passedAt: Date | null
    results: string
    activeAt: Date | null
    eventId: string
    causedBy: string | null
    at: Date
    payload: string
  },
  unknown
>(
  (closed) => sql`
    with closed as (
      update attempts set status = ${closed.status}, submitted_at = ${closed.submittedAt}, score_percent = ${closed.scorePercent},
        passed = ${closed.passed}, results = ${closed.results}, asked = null, active_at = coalesce(${closed.activeAt}, active_at)
      where id = ${closed.attemptId}
      returning enrollment_id, quiz_id, score_percent, submitted_at
    ), counted as (
      insert into quiz_results (enrollment_id, quiz_id, attempts, best_percent, passed_at, last_at)
      select enrollment_id, quiz_id, 1, score_percent, ${closed.passedAt}::timestamptz, submitted_at from closed
      on conflict (enrollment_id, quiz_id) do update set
        attempts = quiz_results.attempts + 1,
        best_percent = greatest(quiz_results.best_percent, excluded.best_percent),
        passed_at = least(quiz_results.passed_at, excluded.passed_at),
        last_at = greatest(quiz_results.last_at, excluded.last_at)
    ), ${stating(attemptSubmitted, {
      id: closed.eventId,
      userId: closed.causedBy,
      at: closed.at,
      payload: closed.payload,
      when: sql`exists (select from closed)`,
    })}
    select ${answerNotRead}`,
)

/** Closes an attempt that the caller holds, with its score, counts it into the result of the quiz, and states that it was submitted. */
export async function closeAttempt(
  tx: Tx,
  cause: Cause,
  payload: Static<typeof attemptSubmitted.payload>,
  { results, ...closed }: Closed,
): Promise<void> {
  await closeAndState(tx, {
    ...closed,
    attemptId: payload.attemptId,
    passedAt: closed.passed ? closed.submittedAt : null,
    results: JSON.stringify(results),
    eventId: newId(),
    causedBy: cause.userId,
    at: cause.at,
    payload: JSON.stringify(payload),
  })
}
