import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/database.ts'
import type { Draw } from './schemas.ts'

export async function findBankIds(db: Db, courseId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('bank_questions')
    .select('id')
    .where('course_id', '=', courseId)
    .orderBy('id')
    .execute()
  return rows.map(({ id }) => id)
}

export interface QuizToCopy {
  readonly id: string
  readonly lesson_id: string | null
  readonly draws: readonly Draw[]
}

/** The quizzes of a course, without their questions. */
export function findQuizzesToCopy(db: Db, courseId: string): Promise<QuizToCopy[]> {
  return db
    .selectFrom('quizzes')
    .select(['id', 'lesson_id', 'draws'])
    .where('course_id', '=', courseId)
    .where('removed_at', 'is', null)
    .orderBy('id')
    .$castTo<QuizToCopy>()
    .execute()
}

/** Copies questions of a bank into another, each under its new id. */
export async function insertBankCopies(
  tx: Tx,
  copy: { courseId: string; ids: ReadonlyMap<string, string>; at: Date },
): Promise<void> {
  const { courseId, ids, at } = copy
  await sql`
    insert into bank_questions (id, course_id, question, tags, created_at, updated_at)
    select copy.id, ${courseId}::uuid, question, tags, ${at}::timestamptz, ${at}::timestamptz
    from unnest(${[...ids.keys()]}::uuid[], ${[...ids.values()]}::uuid[]) copy (original, id)
    join bank_questions on bank_questions.id = copy.original`.execute(tx)
}

export interface QuizCopy {
  readonly from: string
  readonly id: string
  readonly lessonId: string | null
  readonly draws: readonly Draw[]
}

/**
 * Copies quizzes into another course; where somebody made one meanwhile, that one stays.
 * @returns the id of the exam, if one was copied
 */
export async function insertQuizCopies(
  tx: Tx,
  copy: { courseId: string; quizzes: readonly QuizCopy[]; at: Date },
): Promise<string | undefined> {
  const { courseId, quizzes, at } = copy
  const { rows } = await sql<{ id: string; lesson_id: string | null }>`
    insert into quizzes (id, course_id, lesson_id, title, pass_percent, time_limit_seconds, max_attempts, shuffle,
      reveal_answers, questions, draws, created_at, updated_at)
    select copy.id, ${courseId}::uuid, copy.lesson_id, title, pass_percent, time_limit_seconds, max_attempts, shuffle,
      reveal_answers, questions, copy.draws, ${at}::timestamptz, ${at}::timestamptz
    from unnest(${quizzes.map(({ from }) => from)}::uuid[], ${quizzes.map(({ id }) => id)}::uuid[],
      ${quizzes.map(({ lessonId }) => lessonId)}::uuid[],
      ${quizzes.map(({ draws }) => JSON.stringify(draws))}::jsonb[]) copy (original, id, lesson_id, draws)
    join quizzes on quizzes.id = copy.original
    on conflict do nothing
    returning id, lesson_id`.execute(tx)
  return rows.find((row) => row.lesson_id === null)?.id
}
