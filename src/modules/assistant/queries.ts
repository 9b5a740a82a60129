import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/database.ts'
import type { AssistantOutcome, AssistantTask } from '../../platform/database/schema.ts'
import type { Taken } from './rules.ts'

/** @param madeSince no older one */
export async function findOutput(
  db: Db,
  { key, madeSince }: { key: string; madeSince: Date | null },
): Promise<{ content: unknown } | undefined> {
  let query = db.selectFrom('assistant_outputs').select('content').where('key', '=', key)
  if (madeSince) query = query.where('created_at', '>=', madeSince)
  return query.executeTakeFirst()
}

export interface Asking {
  readonly key: string
  readonly usageId: string
  readonly heldUntil: Date
}

/** Notes that a question is asked, unless it is being asked. @returns whether it was noted */
export async function upsertAsking(tx: Tx, { key, usageId, heldUntil }: Asking, at: Date): Promise<boolean> {
  const noted = await tx
    .insertInto('assistant_asking')
    .values({ key, usage_id: usageId, held_until: heldUntil })
    .onConflict((conflict) =>
      conflict
        .column('key')
        .doUpdateSet({ usage_id: usageId, held_until: heldUntil })
        .where('assistant_asking.held_until', '<=', at),
    )
    .returning('key')
    .executeTakeFirst()
  return noted !== undefined
}

/** Until when the question is held by whoever asks it; undefined where nobody does any more. */
export async function findAskedUntil(db: Db, key: string): Promise<Date | undefined> {
  const row = await db
    .selectFrom('assistant_asking')
    .select('held_until')
    .where('key', '=', key)
    .executeTakeFirst()
  return row?.held_until
}

export async function deleteAsking(tx: Tx, usageId: string): Promise<void> {
  await tx.deleteFrom('assistant_asking').where('usage_id', '=', usageId).execute()
}

export interface NewOutput {
  readonly key: string
  readonly task: AssistantTask
  readonly aboutUserId: string | null
  readonly content: unknown
  readonly at: Date
}

/** The newest stands. */
export async function upsertOutput(tx: Tx, output: NewOutput): Promise<void> {
  const { key, task, aboutUserId: user_id, at: created_at } = output
  const content = JSON.stringify(output.content)
  await tx
    .insertInto('assistant_outputs')
    .values({ key, task, user_id, content, created_at })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ content, created_at }))
    .execute()
}

/** Counts one more into a person's day, which is held until the transaction ends. */
export async function lockDay(
  tx: Tx,
  { userId, day, at }: { userId: string; day: string; at: Date },
): Promise<Taken> {
  const { begun } = await tx
    .insertInto('assistant_days')
    .values({ user_id: userId, day, begun: 1 })
    .onConflict((conflict) =>
      conflict.columns(['user_id', 'day']).doUpdateSet({ begun: sql`assistant_days.begun + 1` }),
    )
    .returning('begun')
    .executeTakeFirstOrThrow()
  // A statement of its own: only one that begins after the lock sees what those before it did.
  const { rows } = await sql<{ taken: number }>`
    select count(*) as taken from assistant_usage
    where user_id = ${userId} and day = ${day}::date
      and (outcome in ('answered', 'left') or (outcome is null and held_until > ${at}))`.execute(tx)
  return { begun, taken: rows[0]?.taken ?? 0 }
}

export interface NewUsage {
  readonly id: string
  readonly userId: string
  readonly day: string
  readonly task: AssistantTask
  readonly model: string
  readonly beganAt: Date
  readonly heldUntil: Date
}

export async function insertUsage(tx: Tx, usage: NewUsage): Promise<void> {
  const { id, userId: user_id, day, task, model, beganAt: began_at, heldUntil: held_until } = usage
  await tx
    .insertInto('assistant_usage')
    .values({ id, user_id, day, task, model, began_at, held_until })
    .execute()
}

export interface EndedUsage {
  readonly id: string
  readonly outcome: AssistantOutcome
  readonly fault: string | null
  readonly tries: number
  readonly inputTokens: number
  readonly outputTokens: number
  readonly at: Date
}

/**
 * Notes what became of it; what is no longer held has failed, whatever came.
 * @returns the outcome; undefined where the person is gone, and the usage with them
 */
export async function updateUsage(tx: Tx, ended: EndedUsage): Promise<AssistantOutcome | undefined> {
  const { id, outcome, fault, tries, inputTokens, outputTokens, at } = ended
  const { rows } = await sql<{ outcome: AssistantOutcome }>`
    update assistant_usage set ended_at = ${at}, tries = ${tries},
      input_tokens = ${inputTokens}, output_tokens = ${outputTokens},
      outcome = case when held_until > ${at} then ${outcome}::assistant_outcome else 'failed' end,
      fault = case when held_until > ${at} then ${fault} else 'late' end
    where id = ${id} and outcome is null
    returning outcome`.execute(tx)
  return rows[0]?.outcome
}

const usageColumns = [
  'id',
  'task',
  'model',
  'began_at',
  'ended_at',
  'outcome',
  'fault',
  'tries',
  'input_tokens',
  'output_tokens',
] as const

export function findUsageOf(db: Db, userId: string, page: { after: string | null; limit: number }) {
  return db
    .selectFrom('assistant_usage')
    .select(usageColumns)
    .where('user_id', '=', userId)
    .where('id', '>', page.after ?? '00000000-0000-0000-0000-000000000000')
    .orderBy('id')
    .limit(page.limit)
    .execute()
}

export function findOutputsAbout(db: Db, userId: string) {
  return db
    .selectFrom('assistant_outputs')
    .select(['task', 'content', 'created_at'])
    .where('user_id', '=', userId)
    .orderBy('created_at')
    .execute()
}

/** Their usage goes with their days. */
export async function deleteAllOf(tx: Tx, userId: string): Promise<void> {
  await tx.deleteFrom('assistant_days').where('user_id', '=', userId).execute()
  await tx.deleteFrom('assistant_outputs').where('user_id', '=', userId).execute()
}

/** @returns how many at most one statement deleted */
export async function deleteOutdated(
  tx: Tx,
  { outputsBefore, dayBefore, atOnce }: { outputsBefore: Date; dayBefore: string; atOnce: number },
): Promise<number> {
  const outputs = await sql`
    delete from assistant_outputs where key in (
      select key from assistant_outputs where created_at < ${outputsBefore} limit ${atOnce})`.execute(tx)
  const days = await sql`
    delete from assistant_days where (user_id, day) in (
      select user_id, day from assistant_days where day < ${dayBefore}::date limit ${atOnce})`.execute(tx)
  return Math.max(Number(outputs.numAffectedRows ?? 0), Number(days.numAffectedRows ?? 0))
}
