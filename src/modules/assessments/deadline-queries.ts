import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Db } from '../../platform/database/database.ts'

/** An open attempt whose time ends. */
export interface EndingAttempt {
  readonly id: string
  readonly user_id: string
  readonly enrollment_id: string
  readonly quiz_id: string
  readonly course_id: string
  readonly title: string
  readonly started_at: Date
  readonly deadline: Date
}

// said in the text, for the partial index
const select = (which: RawBuilder<unknown>) => sql<EndingAttempt>`
  select attempts.id, attempts.user_id, enrollment_id, quiz_id, quizzes.course_id, quizzes.title, started_at, deadline
  from attempts join quizzes on quizzes.id = quiz_id
  where attempts.status = 'open' and deadline is not null and ${which}`

/** Those that end in a span (after `from`, up to `until`), by deadline: a page. */
export async function findEnding(
  db: Db,
  { from, until }: { from: Date; until: Date },
  page: { after: { at: string; id: string } | null; limit: number },
): Promise<EndingAttempt[]> {
  const { after, limit } = page
  const which = sql<SqlBool>`deadline > ${from} and deadline <= ${until}
    and (deadline, attempts.id) > (${after?.at ?? from}::timestamptz, coalesce(${after?.id ?? null}::uuid, '00000000-0000-0000-0000-000000000000'))
    order by deadline, attempts.id limit ${limit}`
  return (await select(which).execute(db)).rows
}

/** Those of these attempts that are open and have a deadline. */
export async function findEndingByIds(db: Db, ids: readonly string[]): Promise<EndingAttempt[]> {
  return (await select(sql`attempts.id = any(${ids}::uuid[])`).execute(db)).rows
}
