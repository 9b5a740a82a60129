import { sql } from 'kysely'
import type { Db, Tx } from '../database/database.ts'

/** A job that has used up its attempts and waits for a person. */
export interface DeadLetter {
  readonly id: string
  readonly name: string
  readonly payload: unknown
  readonly attempts: number
  readonly lastError: string | null
  readonly failedAt: Date
}

/**
 * The dead letters, newest first.
 * @param page.before the id of the last one of the page before
 */
export async function findDeadLetters(
  db: Db,
  page: { before: string | null; limit: number },
): Promise<DeadLetter[]> {
  const { rows } = await sql<DeadLetter>`
    select jobs.id::text as id, tasks.identifier as name, jobs.payload, jobs.attempts,
      jobs.last_error as "lastError", jobs.updated_at as "failedAt"
    from graphile_worker._private_jobs as jobs
    join graphile_worker._private_tasks as tasks on tasks.id = jobs.task_id
    where jobs.attempts >= jobs.max_attempts and jobs.locked_at is null
      and (${page.before}::bigint is null or jobs.id < ${page.before}::bigint)
    order by jobs.id desc
    limit ${page.limit}`.execute(db)
  return rows
}

/** Forgets those that failed for the last time before a moment. @returns how many, `limit` at most */
export async function deleteOldDeadLetters(
  tx: Tx,
  { before, limit }: { before: Date; limit: number },
): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    delete from graphile_worker._private_jobs where id in (
      select id from graphile_worker._private_jobs
      where attempts >= max_attempts and locked_at is null and updated_at < ${before}
      limit ${limit} for update skip locked)`.execute(tx)
  return Number(numAffectedRows)
}

/** Gives a dead letter its attempts back and queues it for now. @returns its job's name; undefined where there is no such dead letter */
export async function retryDeadLetter(tx: Tx, id: string): Promise<string | undefined> {
  const { rows } = await sql<{ name: string }>`
    select tasks.identifier as name from graphile_worker.reschedule_jobs(
      array(select id from graphile_worker._private_jobs
            where id = ${id}::bigint and attempts >= max_attempts and locked_at is null),
      run_at => now(), attempts => 0) as jobs
    join graphile_worker._private_tasks as tasks on tasks.id = jobs.task_id`.execute(tx)
  return rows[0]?.name
}
