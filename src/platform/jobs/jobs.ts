import { sql } from 'kysely'
import type { Static, TSchema } from 'typebox'
import type { Config } from '../config.ts'
import type { Tx } from '../database/database.ts'
import { answerNotRead } from '../database/statements.ts'
import type { Deps } from '../deps.ts'
import type { RefusalKind } from '../http/refusal.ts'

/** A kind of background work: its name in the queue, the shape of its payload, how often it is tried. */
export interface Job<Payload extends TSchema = TSchema> {
  readonly name: string
  readonly payload: Payload
  readonly maxAttempts: number
  /**
   * It waits for servers that are not ours: such jobs have workers of their own, so that nothing else waits for those that hang.
   */
  readonly outgoing: boolean
}

/** What a worker does for a job. It must be safe to run twice: a killed worker's job is run again by another. */
export interface JobHandler {
  readonly job: Job
  run(deps: Deps, payload: unknown): Promise<void>
}

/** A job started by the clock: `cron` is five fields in UTC, and it runs once per tick over all nodes. Its payload may be empty. */
export interface Schedule {
  readonly job: Job
  readonly cron: string
  /**
   * A tick that came while nothing ran is made good when a worker starts, if it is no older. Unset: it is left to the next tick, which
   * finds all that is to be done.
   */
  readonly madeGoodWithinHours?: number
  /** Why a school of this configuration does not have it: it has no ticks there, and whoever asks for a run is refused. Unset: all have it. */
  readonly refusal?: (config: Config) => RefusalKind | null
}

/**
 * Declares a job. Failures are tried again after e^attempt seconds, six hours at most (graphile-worker's back-off: 2.7 s,
 * 7.4 s, 20 s …), until `maxAttempts` (20: two and a half days), after which the job is a dead letter, listed and retryable.
 */
export function defineJob<Payload extends TSchema>(
  name: string,
  payload: Payload,
  maxAttempts = 20,
  { outgoing = false }: { outgoing?: boolean } = {},
): Job<Payload> {
  return { name, payload, maxAttempts, outgoing }
}

/** Binds a job to its work. */
export function handle<Payload extends TSchema>(
  job: Job<Payload>,
  run: (deps: Deps, payload: Static<Payload>) => Promise<void>,
): JobHandler {
  return { job, run: (deps, payload) => run(deps, payload as Static<Payload>) }
}

/**
 * Queues work in the caller's transaction: it runs after the commit or, on a rollback, never.
 * @param options.runAt not before this moment
 * @param options.afterSeconds not before so many seconds have gone by on the queue's own clock; instead of `runAt`
 * @param options.key a job waiting under the same key is replaced instead of added
 * @param options.queue jobs of the same queue are run one after the other, over all nodes
 */
export async function addJob<Payload extends TSchema>(
  tx: Tx,
  job: Job<Payload>,
  payload: Static<Payload>,
  options: { runAt?: Date; afterSeconds?: number; key?: string; queue?: string } = {},
): Promise<void> {
  const { runAt = null, afterSeconds = null, key = null, queue = null } = options
  await sql`select graphile_worker.add_job(${job.name}, ${JSON.stringify(payload)}::json,
    run_at => coalesce(${runAt}::timestamptz, now() + make_interval(secs => ${afterSeconds}::float8)),
    max_attempts => ${job.maxAttempts}, job_key => ${key}, queue_name => ${queue}) ${answerNotRead}`.execute(
    tx,
  )
}

/** Queues many of a kind in one statement. @param options.runAt not before this moment */
export async function addJobs<Payload extends TSchema>(
  tx: Tx,
  job: Job<Payload>,
  payloads: readonly Static<Payload>[],
  options: { runAt?: Date } = {},
): Promise<void> {
  if (payloads.length === 0) return
  await sql`select count(*) from graphile_worker.add_jobs((
    select array_agg(row(${job.name}::text, made.payload::json, null::text,
      ${options.runAt ?? null}::timestamptz, ${job.maxAttempts}::integer, null::text, null::integer, null::text[])::graphile_worker.job_spec)
    from unnest(${payloads.map((payload) => JSON.stringify(payload))}::text[]) as made (payload))) ${answerNotRead}`.execute(
    tx,
  )
}
