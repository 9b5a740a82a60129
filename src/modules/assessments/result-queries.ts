import { type SqlBool, sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/database.ts'

export interface ResultRow {
  readonly enrollment_id: string
  readonly quiz_id: string
  readonly attempts: number
  readonly best_percent: number
  readonly passed_at: Date | null
  readonly last_at: Date
}

const columns = ['enrollment_id', 'quiz_id', 'attempts', 'best_percent', 'passed_at', 'last_at'] as const

export interface ScoreRow extends ResultRow {
  readonly title: string
  readonly course_id: string
  readonly lesson_id: string | null
}

/** What the closed attempts of these enrollments came to, with the quiz of each. */
export function findScores(db: Db, enrollmentIds: readonly string[]): Promise<ScoreRow[]> {
  return db
    .selectFrom('quiz_results')
    .innerJoin('quizzes', 'quizzes.id', 'quiz_results.quiz_id')
    .select([...columns, 'quizzes.title', 'quizzes.course_id', 'quizzes.lesson_id'])
    .where(sql<SqlBool>`enrollment_id = any(${enrollmentIds}::uuid[])`)
    .orderBy('last_at', 'desc')
    .orderBy('quiz_id')
    .execute()
}

// What the closed attempts say the results are.
const truth = sql`
  select enrollment_id, quiz_id, count(*)::int as attempts, max(score_percent) as best_percent,
    min(submitted_at) filter (where passed) as passed_at, max(submitted_at) as last_at
  from attempts where status <> 'open'`

export interface WrongResult {
  readonly enrollmentId: string
  readonly quizId: string
  readonly kept: unknown
  readonly right: unknown
}

/** The results that are not what the attempts say: missing, left over or other than they should be. */
export async function findWrongResults(db: Db, limit: number): Promise<WrongResult[]> {
  const { rows } = await sql<WrongResult>`
    select coalesce(kept.enrollment_id, truth.enrollment_id) as "enrollmentId",
      coalesce(kept.quiz_id, truth.quiz_id) as "quizId", to_jsonb(kept) as kept, to_jsonb(truth) as right
    from quiz_results kept
    full join (${truth} group by enrollment_id, quiz_id) truth
      on truth.enrollment_id = kept.enrollment_id and truth.quiz_id = kept.quiz_id
    where (kept.attempts, kept.best_percent, kept.passed_at, kept.last_at)
      is distinct from (truth.attempts, truth.best_percent, truth.passed_at, truth.last_at)
    limit ${limit}`.execute(db)
  return rows
}

/** Makes a result what its attempts say. They are held first, so that none is closed in between. */
export async function updateResultFromAttempts(
  tx: Tx,
  { enrollmentId, quizId }: { enrollmentId: string; quizId: string },
): Promise<void> {
  const these = sql`enrollment_id = ${enrollmentId} and quiz_id = ${quizId}`
  await sql`select from attempts where ${these} order by id for no key update`.execute(tx)
  await sql`delete from quiz_results where ${these}`.execute(tx)
  await sql`
    insert into quiz_results (enrollment_id, quiz_id, attempts, best_percent, passed_at, last_at)
    ${truth} and ${these} group by enrollment_id, quiz_id`.execute(tx)
}

export async function deleteResultsOf(tx: Tx, enrollmentIds: readonly string[]): Promise<void> {
  await tx
    .deleteFrom('quiz_results')
    .where(sql<SqlBool>`enrollment_id = any(${enrollmentIds}::uuid[])`)
    .execute()
}
