import { type SqlBool, sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/database.ts'
import type { Question } from './question-rules.ts'
import type { QuizQuestion } from './quiz-queries.ts'
import { type Draw, mostOfABank } from './schemas.ts'

export interface BankQuestionRow {
  readonly id: string
  readonly course_id: string
  readonly question: Question
  readonly created_at: Date
  readonly updated_at: Date
}

const columns = ['id', 'course_id', 'question', 'created_at', 'updated_at'] as const

/** In the order given, which is that of their ids; none where the bank would be more than full. */
export async function insertBankQuestions(
  tx: Tx,
  added: { courseId: string; questions: readonly { id: string; question: Question }[]; at: Date },
): Promise<BankQuestionRow[]> {
  const { courseId, questions, at } = added
  const { rows } = await sql<BankQuestionRow>`
    insert into bank_questions (id, course_id, question, tags, created_at, updated_at)
    select said.id, ${courseId}::uuid, said.question,
      array(select tag from jsonb_array_elements_text(said.question -> 'tags') with ordinality tags (tag, place) order by place),
      ${at}::timestamptz, ${at}::timestamptz
    from unnest(${questions.map(({ id }) => id)}::uuid[],
      ${questions.map(({ question }) => JSON.stringify(question))}::jsonb[]) said (id, question)
    where (select count(*) from bank_questions where course_id = ${courseId}) <= ${mostOfABank - questions.length}::int
    returning ${sql.join(columns.map((column) => sql.ref(column)))}`.execute(tx)
  return rows.toSorted((a, b) => (a.id < b.id ? -1 : 1))
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

/** All of a bank, in the same order. */
export function findWholeBank(db: Db, courseId: string): Promise<BankQuestionRow[]> {
  return findBankQuestions(db, { courseId, tag: null }, { after: null, limit: mostOfABank })
}

/** Whether a question of the bank is one that a `wish` asks for. */
const fits = sql<SqlBool>`
  (wish ->> 'tag' is null or wish ->> 'tag' = any(tags))
  and (wish -> 'questionIds' is null or wish -> 'questionIds' ? id::text)`

interface DrawMeasure {
  /** How many questions of the bank it can draw from. */
  readonly there: number
  /** As much as it can come to. */
  readonly mostBytes: number
}

/** What each of these draws finds in the bank. */
export async function findDrawMeasures(
  db: Db,
  courseId: string,
  draws: readonly Draw[],
): Promise<DrawMeasure[]> {
  if (draws.length === 0) return []
  const { rows } = await sql<DrawMeasure>`
    select found.there, found."mostBytes"
    from jsonb_array_elements(${JSON.stringify(draws)}::jsonb) with ordinality draw (wish, place)
    cross join lateral (
      select count(*) as there, coalesce(sum(bytes) filter (where rank <= (wish ->> 'count')::int), 0) as "mostBytes"
      from (
        select bytes, row_number() over (order by bytes desc) as rank
        from bank_questions where course_id = ${courseId} and ${fits}
      ) fitting
    ) found
    order by place`.execute(db)
  return rows
}

/**
 * Draws at random, for one draw after the other, or as many as there are; none twice. What is put in random order are the ids; of the
 * questions only those that were drawn are read.
 * @param most bytes that they may come to: where questions have grown since the quiz was saved, fewer are drawn
 */
export async function findDrawn(
  db: Db,
  { courseId, draws, most }: { courseId: string; draws: readonly Draw[]; most: number },
): Promise<QuizQuestion[]> {
  const { rows } = await sql<{ id: string; question: Question }>`
    with recursive drawn (place, ids) as (
      select 0::bigint, '{}'::uuid[]
      union all
      select draw.place, drawn.ids || (array(
        select id from bank_questions where course_id = ${courseId} and ${fits} and id <> all(drawn.ids)
        order by random()))[:(wish ->> 'count')::int]
      from drawn
      join jsonb_array_elements(${JSON.stringify(draws)}::jsonb) with ordinality draw (wish, place)
        on draw.place = drawn.place + 1
    )
    select id, question
    from (
      select bank_questions.id, question, turn, sum(bytes) over (order by turn) as total
      from (select ids from drawn order by place desc limit 1) last,
        unnest(ids) with ordinality picked (id, turn)
      join bank_questions on bank_questions.id = picked.id
    ) summed
    where total <= ${most}
    order by turn`.execute(db)
  return rows.map(({ id, question }) => ({ ...question, id }))
}
