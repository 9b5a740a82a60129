import { type SqlBool, sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/database.ts'
import type { QuizReveal } from '../../platform/database/schema.ts'
import { extraAttempts } from './extra-attempt-queries.ts'
import type { Question } from './question-rules.ts'
import type { Draw } from './schemas.ts'

export type QuizQuestion = Question & { readonly id: string }

export interface QuizTerms {
  readonly title: string
  readonly pass_percent: number
  readonly time_limit_seconds: number | null
  readonly max_attempts: number | null
  readonly shuffle: boolean
  readonly reveal_answers: QuizReveal
}

export interface QuizRow extends QuizTerms {
  readonly id: string
  readonly course_id: string
  /** Null: the exam of the course. */
  readonly lesson_id: string | null
  readonly questions: readonly QuizQuestion[]
  readonly draws: readonly Draw[]
  readonly version: number
  readonly created_at: Date
  readonly updated_at: Date
}

const termColumns = [
  'title',
  'pass_percent',
  'time_limit_seconds',
  'max_attempts',
  'shuffle',
  'reveal_answers',
] as const
const columns = [
  'id',
  'course_id',
  'lesson_id',
  ...termColumns,
  'questions',
  'draws',
  'version',
  'created_at',
  'updated_at',
] as const

/** Where a quiz stands: at a lesson of a course, or at its end. */
export interface QuizPlace {
  readonly courseId: string
  readonly lessonId: string | null
}

function selectLiving(db: Db) {
  return db.selectFrom('quizzes').select(columns).where('removed_at', 'is', null).$castTo<QuizRow>()
}

export function findQuiz(db: Db, id: string): Promise<QuizRow | undefined> {
  return selectLiving(db).where('id', '=', id).executeTakeFirst()
}

/** The quizzes of a course, and its exam. */
export function findQuizzesOf(db: Db, courseId: string): Promise<QuizRow[]> {
  return selectLiving(db).where('course_id', '=', courseId).orderBy('id').execute()
}

function selectAt(db: Db, { courseId, lessonId }: QuizPlace) {
  const quizzes = selectLiving(db)
  return lessonId === null
    ? quizzes.where('course_id', '=', courseId).where('lesson_id', 'is', null)
    : quizzes.where('lesson_id', '=', lessonId)
}

export function findQuizAt(db: Db, place: QuizPlace): Promise<QuizRow | undefined> {
  return selectAt(db, place).executeTakeFirst()
}

/** The same, held until the transaction ends. */
export function lockQuizAt(tx: Tx, place: QuizPlace): Promise<QuizRow | undefined> {
  return selectAt(tx, place).forNoKeyUpdate().executeTakeFirst()
}

/** Those of the lessons that have a quiz. */
export async function findLessonsWithQuiz(
  db: Db,
  lessonIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom('quizzes')
    .select('lesson_id')
    .where(sql<SqlBool>`lesson_id = any(${lessonIds}::uuid[])`)
    .where('removed_at', 'is', null)
    .execute()
  return new Set(rows.flatMap(({ lesson_id }) => lesson_id ?? []))
}

/** Makes the quiz of a place, or replaces the one that is there. */
export async function upsertQuiz(
  tx: Tx,
  quiz: QuizTerms & {
    id: string
    place: QuizPlace
    questions: readonly QuizQuestion[]
    draws: readonly Draw[]
    at: Date
  },
): Promise<QuizRow> {
  const { id, place, questions, draws, at, ...terms } = quiz
  const content = {
    ...terms,
    questions: JSON.stringify(questions),
    draws: JSON.stringify(draws),
    updated_at: at,
  }
  return tx
    .insertInto('quizzes')
    .values({ id, course_id: place.courseId, lesson_id: place.lessonId, ...content, created_at: at })
    .onConflict((conflict) =>
      (place.lessonId === null
        ? conflict.column('course_id').where(sql<SqlBool>`lesson_id is null and removed_at is null`)
        : conflict.column('lesson_id').where(sql<SqlBool>`lesson_id is not null and removed_at is null`)
      ).doUpdateSet({ ...content, version: sql`quizzes.version + 1` }),
    )
    .returning(columns)
    .$castTo<QuizRow>()
    .executeTakeFirstOrThrow()
}

/** Takes the quiz of a place away; its attempts stay. The id, or undefined where there is none. */
export async function removeQuizAt(
  tx: Tx,
  { courseId, lessonId }: QuizPlace,
  at: Date,
): Promise<string | undefined> {
  const row = await tx
    .updateTable('quizzes')
    .set({ removed_at: at })
    .where('course_id', '=', courseId)
    .where(sql<SqlBool>`lesson_id is not distinct from ${lessonId}::uuid`)
    .where('removed_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return row?.id
}

export interface QuizCardRow extends QuizTerms {
  readonly id: string
  readonly course_id: string
  readonly lesson_id: string | null
  readonly question_count: number
  /** The limit with what was granted to this person; null: as many as one likes. */
  readonly attempts_allowed: number | null
  readonly closed_attempts: number
  readonly open_attempt_id: string | null
  readonly best_percent: number | null
  readonly passed: boolean
}

/** Quizzes with where a person stands with each of them. */
function selectCards(db: Db, userId: string) {
  return db
    .selectFrom('quizzes')
    .leftJoinLateral(
      sql<Pick<QuizCardRow, 'closed_attempts' | 'open_attempt_id' | 'best_percent' | 'passed'>>`(
        select count(*) filter (where status <> 'open') as closed_attempts,
          (array_agg(id) filter (where status = 'open'))[1] as open_attempt_id,
          max(score_percent) as best_percent, coalesce(bool_or(passed), false) as passed
        from attempts where attempts.quiz_id = quizzes.id and attempts.user_id = ${userId})`.as('own'),
      (join) => join.onTrue(),
    )
    .select(['quizzes.id', 'course_id', 'lesson_id', ...termColumns])
    .select(['closed_attempts', 'open_attempt_id', 'best_percent', 'own.passed'])
    .select(
      sql<
        number | null
      >`quizzes.max_attempts + ${extraAttempts(sql.ref('quizzes.id'), sql`${userId}::uuid`)}`.as(
        'attempts_allowed',
      ),
    )
    .select(
      sql<number>`jsonb_array_length(questions)
        + (select coalesce(sum((draw->>'count')::int), 0) from jsonb_array_elements(draws) draw)`.as(
        'question_count',
      ),
    )
    .where('removed_at', 'is', null)
    .$castTo<QuizCardRow>()
}

export function findQuizCard(
  db: Db,
  { quizId, userId }: { quizId: string; userId: string },
): Promise<QuizCardRow | undefined> {
  return selectCards(db, userId).where('quizzes.id', '=', quizId).executeTakeFirst()
}

export function findQuizCards(
  db: Db,
  { courseId, userId }: { courseId: string; userId: string },
  page: { after: string | null; limit: number },
): Promise<QuizCardRow[]> {
  let query = selectCards(db, userId).where('course_id', '=', courseId)
  if (page.after !== null) query = query.where('quizzes.id', '>', page.after)
  return query.orderBy('quizzes.id').limit(page.limit).execute()
}

/** Also of a quiz that was taken away: its attempts are there to be read. */
export async function findCourseOfQuiz(db: Db, id: string): Promise<string | undefined> {
  const row = await db.selectFrom('quizzes').select('course_id').where('id', '=', id).executeTakeFirst()
  return row?.course_id
}

/** Also of a quiz that was removed: there are attempts at it. */
export async function findQuizTitle(db: Db, id: string): Promise<string | undefined> {
  const row = await db.selectFrom('quizzes').select('title').where('id', '=', id).executeTakeFirst()
  return row?.title
}
