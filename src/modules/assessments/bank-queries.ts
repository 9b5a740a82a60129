import { type SqlBool, sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/database.ts'
import type { Question } from './question-rules.ts'
import type { QuizQuestion } from './quiz-queries.ts'
import type { Draw } from './schemas.ts'

export interface BankQuestionRow {
  readonly id: string
  readonly course_id: string
  readonly question: Question
  readonly created_at: Date
  readonly updated_at: Date
}

const columns = ['id', 'course_id', 'question', 'created_at', 'updated_at'] as const
const mostOfACourse = 10_000

/** Undefined where the bank is full. */
export async function insertBankQuestion(
  tx: Tx,
  added: { id: string; courseId: string; question: Question; at: Date },
): Promise<BankQuestionRow | undefined> {
  const { id, courseId, question, at } = added
  const { rows } = await sql<BankQuestionRow>`
    insert into bank_questions (id, course_id, question, tags, created_at, updated_at)
    select ${id}::uuid, ${courseId}::uuid, ${JSON.stringify(question)}::jsonb, ${question.tags}::text[],
      ${at}::timestamptz, ${at}::timestamptz
    from bank_questions where course_id = ${courseId} having count(*) < ${mostOfACourse}
    returning ${sql.join(columns.map((column) => sql.ref(column)))}`.execute(tx)
  return rows[0]
}

interface Place {
  readonly courseId: string
  readonly questionId: string
}

export function lockBankQuestion(
  tx: Tx,
  { courseId, questionId }: Place,
): Promise<BankQuestionRow | undefined> {
  return tx
    .selectFrom('bank_questions')
    .select(columns)
    .where('course_id', '=', courseId)
    .where('id', '=', questionId)
    .forNoKeyUpdate()
    .$castTo<BankQuestionRow>()
    .executeTakeFirst()
}

export async function updateBankQuestion(
  tx: Tx,
  { questionId, question, at }: { questionId: string; question: Question; at: Date },
): Promise<void> {
  await tx
    .updateTable('bank_questions')
    .set({ question: JSON.stringify(question), tags: [...question.tags], updated_at: at })
    .where('id', '=', questionId)
    .execute()
}

export async function deleteBankQuestion(tx: Tx, { courseId, questionId }: Place): Promise<boolean> {
  const gone = await tx
    .deleteFrom('bank_questions')
    .where('course_id', '=', courseId)
    .where('id', '=', questionId)
    .returning('id')
    .executeTakeFirst()
  return gone !== undefined
}

/** In the order in which they were added. */
export function findBankQuestions(
  db: Db,
  { courseId, tag }: { courseId: string; tag: string | null },
  page: { after: string | null; limit: number },
): Promise<BankQuestionRow[]> {
  let query = db.selectFrom('bank_questions').select(columns).where('course_id', '=', courseId)
  if (tag !== null) query = query.where(sql<SqlBool>`${tag} = any(tags)`)
  if (page.after !== null) query = query.where('id', '>', page.after)
  return query.orderBy('id').limit(page.limit).$castTo<BankQuestionRow>().execute()
}

const fits = ({ tag, questionIds }: Draw) => sql<SqlBool>`
  (${tag ?? null}::text is null or ${tag ?? null} = any(tags))
  and (${questionIds ?? null}::uuid[] is null or id = any(${questionIds ?? null}::uuid[]))`

/** How many questions of the bank a draw can draw from. */
export async function countFor(db: Db, courseId: string, draw: Draw): Promise<number> {
  const { count } = await db
    .selectFrom('bank_questions')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('course_id', '=', courseId)
    .where(fits(draw))
    .executeTakeFirstOrThrow()
  return count
}

/** Draws at random, or as many as there are, none of those that are drawn already. */
export async function findDrawn(
  db: Db,
  { courseId, draw, without }: { courseId: string; draw: Draw; without: readonly string[] },
): Promise<QuizQuestion[]> {
  const rows = await db
    .selectFrom('bank_questions')
    .select(['id', 'question'])
    .where('course_id', '=', courseId)
    .where(fits(draw))
    .where(sql<SqlBool>`id <> all(${without}::uuid[])`)
    .orderBy(sql`random()`)
    .limit(draw.count)
    .$castTo<{ id: string; question: Question }>()
    .execute()
  return rows.map(({ id, question }) => ({ ...question, id }))
}
