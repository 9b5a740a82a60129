import { type SqlBool, sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/database.ts'
import type { AttemptStatus, QuizReveal } from '../../platform/database/schema.ts'
import { answerNotRead } from '../../platform/database/statements.ts'
import type { Asked, SavedAnswer } from './answer-rules.ts'
import { askedOf } from './answer-rules.ts'
import { extraAttempts } from './extra-attempt-queries.ts'
import type { Score } from './grading-rules.ts'
import type { Key, Sheet, ShownQuestion } from './sheet-rules.ts'

export interface AttemptSummaryRow {
  readonly id: string
  readonly quiz_id: string
  readonly enrollment_id: string
  readonly user_id: string
  readonly number: number
  readonly status: AttemptStatus
  readonly started_at: Date
  readonly deadline: Date | null
  readonly submitted_at: Date | null
  readonly score_percent: number | null
  readonly passed: boolean | null
}

export interface AnsweredRow extends AttemptSummaryRow {
  readonly answers: readonly SavedAnswer[]
}

export interface AttemptRow extends AnsweredRow {
  readonly questions: readonly ShownQuestion[]
}

const summaryColumns = [
  'attempts.id',
  'attempts.quiz_id',
  'attempts.enrollment_id',
  'attempts.user_id',
  'attempts.number',
  'attempts.status',
  'attempts.started_at',
  'attempts.deadline',
  'attempts.submitted_at',
  'attempts.score_percent',
  'attempts.passed',
] as const
export const answeredColumns = [...summaryColumns, 'attempts.answers'] as const
const columns = [...answeredColumns, 'attempts.questions'] as const

interface PersonAndQuiz {
  readonly quizId: string
  readonly userId: string
}

interface OwnAttempt {
  readonly attemptId: string
  readonly userId: string
}

/** Holds the attempt of a person until the transaction ends, for one who reads it by the next statement. */
export async function holdOwnAttempt(tx: Tx, { attemptId, userId }: OwnAttempt): Promise<void> {
  await tx
    .selectFrom('attempts')
    .select('id')
    .where('id', '=', attemptId)
    .where('user_id', '=', userId)
    .forNoKeyUpdate()
    .modifyEnd(answerNotRead)
    .execute()
}

export interface AttemptToAnswer extends AnsweredRow {
  /** When its student last did something with it. */
  readonly active_at: Date
  /** Of the questions that are named, those that are asked; null: it is closed, or none is. */
  readonly asked: Asked | null
}

/** The attempt of a person, held, with what answers to these questions are checked against; the questions themselves may be large and are not read. */
export function lockAttemptToAnswer(
  tx: Tx,
  { attemptId, userId, questionIds }: OwnAttempt & { questionIds: readonly string[] },
): Promise<AttemptToAnswer | undefined> {
  return tx
    .selectFrom('attempts')
    .select([...answeredColumns, 'active_at'])
    .select(
      sql`(select jsonb_object_agg(question, asked -> question)
        from unnest(${questionIds}::text[]) question where asked ? question)`.as('asked'),
    )
    .where('id', '=', attemptId)
    .where('user_id', '=', userId)
    .forNoKeyUpdate()
    .$castTo<AttemptToAnswer>()
    .executeTakeFirst()
}

/** An attempt whoever it is of, held; for the job that closes it. */
export function lockAttempt(tx: Tx, attemptId: string): Promise<AnsweredRow | undefined> {
  return tx
    .selectFrom('attempts')
    .select(answeredColumns)
    .where('id', '=', attemptId)
    .forNoKeyUpdate()
    .$castTo<AnsweredRow>()
    .executeTakeFirst()
}

/** The starts of a person at a quiz take turns, until the transaction ends: each finds what the one before it began. */
export async function lockStarts(tx: Tx, { quizId, userId }: PersonAndQuiz): Promise<void> {
  const name = `attempt ${quizId} ${userId}`
  await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0)) ${answerNotRead}`.execute(tx)
}

/** The one open attempt of a person at a quiz, held. */
export function lockOpenAttempt(tx: Tx, { quizId, userId }: PersonAndQuiz): Promise<AttemptRow | undefined> {
  return (
    tx
      .selectFrom('attempts')
      .select(columns)
      .where('quiz_id', '=', quizId)
      .where('user_id', '=', userId)
      // said in the text, for the partial index
      .where(sql<SqlBool>`status = 'open'`)
      .forNoKeyUpdate()
      .$castTo<AttemptRow>()
      .executeTakeFirst()
  )
}

/** All open attempts of an enrollment, held. */
export function lockOpenAttemptsOf(tx: Tx, enrollmentId: string): Promise<AnsweredRow[]> {
  return tx
    .selectFrom('attempts')
    .select(answeredColumns)
    .where('enrollment_id', '=', enrollmentId)
    .where('status', '=', 'open')
    .orderBy('id')
    .forNoKeyUpdate()
    .$castTo<AnsweredRow>()
    .execute()
}

/** What a person attempted at the quizzes that a course has now, held; with the lesson, null: the exam. */
export function lockAttemptsInCourse(
  tx: Tx,
  { courseId, userId }: { courseId: string; userId: string },
): Promise<{ passed: boolean | null; lesson_id: string | null }[]> {
  return tx
    .selectFrom('attempts')
    .innerJoin('quizzes', 'quizzes.id', 'attempts.quiz_id')
    .select(['attempts.passed', 'quizzes.lesson_id'])
    .where('attempts.user_id', '=', userId)
    .where('quizzes.course_id', '=', courseId)
    .where('quizzes.removed_at', 'is', null)
    .orderBy('attempts.id')
    .forNoKeyUpdate('attempts')
    .execute()
}

/** Opens the next attempt of a person who has none open, and whose starts are held. */
export async function insertAttempt(
  tx: Tx,
  attempt: PersonAndQuiz & {
    id: string
    enrollmentId: string
    maxAttempts: number | null
    passPercent: number
    version: number
    deadline: Date | null
    sheet: Sheet
    at: Date
  },
): Promise<AttemptRow> {
  const { id, quizId, userId, enrollmentId, sheet, at } = attempt
  const { rows } = await sql<AttemptRow>`
    insert into attempts (id, quiz_id, enrollment_id, user_id, number, max_attempts, pass_percent, quiz_version, status,
      started_at, active_at, deadline, questions, asked, answer_key)
    select ${id}::uuid, ${quizId}::uuid, ${enrollmentId}::uuid, ${userId}::uuid, coalesce(max(number), 0) + 1,
      ${attempt.maxAttempts}::int + ${extraAttempts(sql`${quizId}::uuid`, sql`${userId}::uuid`)}, ${attempt.passPercent}::int, ${attempt.version}::int, 'open',
      ${at}::timestamptz, ${at}::timestamptz, ${attempt.deadline}::timestamptz,
      ${JSON.stringify(sheet.questions)}::jsonb, ${JSON.stringify(askedOf(sheet.questions))}::jsonb,
      ${JSON.stringify(sheet.key)}::jsonb
    from attempts where quiz_id = ${quizId} and user_id = ${userId}
    returning ${sql.join(columns.map((column) => sql.ref(column)))}`.execute(tx)
  const [made] = rows
  if (!made) throw new Error('an insertion without a row')
  return made
}

/** Of an attempt that the caller holds. */
export async function updateAnswers(
  tx: Tx,
  { attemptId, answers, at }: { attemptId: string; answers: readonly SavedAnswer[]; at: Date },
): Promise<void> {
  await tx
    .updateTable('attempts')
    .set({ answers: JSON.stringify(answers), active_at: at })
    .where('id', '=', attemptId)
    .modifyEnd(answerNotRead)
    .execute()
}

export interface AttemptWithFacts extends AttemptRow {
  readonly course_id: string
  readonly reveal_answers: QuizReveal
  /** With what was granted to this person. */
  readonly quiz_max_attempts: number | null
  readonly ever_passed: boolean
  readonly closed_attempts: number
}

/** An attempt and what decides who may see what of it. What is right is not read here. */
export function findAttempt(db: Db, attemptId: string): Promise<AttemptWithFacts | undefined> {
  const others = sql`from attempts other where other.quiz_id = attempts.quiz_id and other.user_id = attempts.user_id`
  return db
    .selectFrom('attempts')
    .innerJoin('quizzes', 'quizzes.id', 'attempts.quiz_id')
    .select(columns)
    .select(['course_id', 'reveal_answers'])
    .select([
      sql<
        number | null
      >`quizzes.max_attempts + ${extraAttempts(sql.ref('quizzes.id'), sql.ref('attempts.user_id'))}`.as(
        'quiz_max_attempts',
      ),
      sql<boolean>`exists (select ${others} and other.passed)`.as('ever_passed'),
      sql<number>`(select count(*) ${others} and other.status <> 'open')`.as('closed_attempts'),
    ])
    .where('attempts.id', '=', attemptId)
    .$castTo<AttemptWithFacts>()
    .executeTakeFirst()
}

export interface SolutionRow {
  readonly answer_key: readonly Key[]
  readonly results: Score['results']
}

/** What was right in an attempt that is closed, and what was earned. */
export function findSolution(db: Db, attemptId: string): Promise<SolutionRow | undefined> {
  return db
    .selectFrom('attempts')
    .select(['answer_key', 'results'])
    .where('id', '=', attemptId)
    .where('status', '<>', 'open')
    .$castTo<SolutionRow>()
    .executeTakeFirst()
}

/** The attempts at a quiz, newest first: of these people, or of all. */
export function findAttemptsAt(
  db: Db,
  { quizId, userIds }: { quizId: string; userIds: readonly string[] | null },
  page: { after: string | null; limit: number },
): Promise<AttemptSummaryRow[]> {
  let query = db.selectFrom('attempts').select(summaryColumns).where('quiz_id', '=', quizId)
  if (userIds !== null) query = query.where(sql<SqlBool>`user_id = any(${userIds}::uuid[])`)
  if (page.after !== null) query = query.where('id', '<', page.after)
  return query.orderBy('id', 'desc').limit(page.limit).execute()
}

/** The attempts of a person at all quizzes, newest first. */
export function findLatestAttempts(
  db: Db,
  userId: string,
  page: { after: string | null; limit: number },
): Promise<AttemptSummaryRow[]> {
  let query = db.selectFrom('attempts').select(summaryColumns).where('user_id', '=', userId)
  if (page.after !== null) query = query.where('id', '<', page.after)
  return query.orderBy('id', 'desc').limit(page.limit).execute()
}

/** All attempts of a person, oldest first. */
export function findAttemptsOf(
  db: Db,
  userId: string,
  page: { after: string | null; limit: number },
): Promise<AttemptRow[]> {
  let query = db.selectFrom('attempts').select(columns).where('user_id', '=', userId)
  if (page.after !== null) query = query.where('id', '>', page.after)
  return query.orderBy('id').limit(page.limit).$castTo<AttemptRow>().execute()
}

export async function deleteAttemptsOf(tx: Tx, userId: string): Promise<void> {
  await tx.deleteFrom('attempts').where('user_id', '=', userId).execute()
}
