import type { WorkerEvents } from 'graphile-worker'
import { type SqlBool, sql } from 'kysely'
import type pg from 'pg'
import type { Clock } from '../clock.ts'
import type { Db, Tx } from '../database/database.ts'
import type { Log } from '../log.ts'

const everyMs = 5_000
const mostErrorLength = 500

interface Tally {
  readonly name: string
  readonly day: string
  readonly runs: number
  readonly failures: number
  readonly lastAt: Date
  readonly lastMs: number
  readonly lastError: string | null
}

/**
 * Keeps account of the runs of this process's jobs, in memory, and adds it to the table every five seconds and at the end: one
 * statement, however many jobs there were, and none in the way of a job. What a killed process had not written is not counted.
 */
export function recordRuns(options: {
  pool: pg.Pool
  events: readonly WorkerEvents[]
  log: Log
  clock: Clock
}): {
  stop(): Promise<void>
} {
  const { pool, events, log, clock } = options
  const begun = new Map<string, { at: Date; ticks: number }>()
  let tallies = new Map<string, Tally>()
  let turn: Promise<void> = Promise.resolve()

  for (const lane of events) {
    lane.on('job:start', ({ job }) => begun.set(job.id, { at: clock.now(), ticks: performance.now() }))
    lane.on('job:complete', ({ job, error }) => {
      const run = begun.get(job.id)
      if (!run) return
      begun.delete(job.id)
      note({
        name: job.task_identifier,
        day: run.at.toISOString().slice(0, 10),
        runs: 1,
        failures: error ? 1 : 0,
        lastAt: run.at,
        lastMs: Math.round(performance.now() - run.ticks),
        lastError: error ? messageOf(error) : null,
      })
    })
  }

  function note(tally: Tally): void {
    const key = `${tally.day} ${tally.name}`
    const before = tallies.get(key)
    tallies.set(key, before ? sumOf(before, tally) : tally)
  }

  function flush(): Promise<void> {
    turn = turn.then(async () => {
      const some = tallies
      if (some.size === 0) return
      tallies = new Map()
      try {
        await addTallies(pool, [...some.values()])
      } catch (error) {
        for (const tally of some.values()) note(tally)
        log.warn({ err: error }, 'could not write down the runs of jobs; they are kept for the next time')
      }
    })
    return turn
  }

  const timer = setInterval(flush, everyMs)
  return {
    stop() {
      clearInterval(timer)
      return flush()
    },
  }
}

function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return text.slice(0, mostErrorLength) || 'an error without words'
}

function sumOf(one: Tally, other: Tally): Tally {
  const last = other.lastAt >= one.lastAt ? other : one
  return { ...last, runs: one.runs + other.runs, failures: one.failures + other.failures }
}

/** In order, so that two processes that write at once do not wait for each other in a circle. */
async function addTallies(pool: pg.Pool, tallies: readonly Tally[]): Promise<void> {
  const sorted = tallies.toSorted((a, b) => (a.name + a.day < b.name + b.day ? -1 : 1))
  await pool.query(
    `insert into job_days (name, day, runs, failures, last_at, last_ms, last_error)
     select * from unnest($1::text[], $2::date[], $3::int[], $4::int[], $5::timestamptz[], $6::int[], $7::text[])
     on conflict (name, day) do update set
       runs = job_days.runs + excluded.runs, failures = job_days.failures + excluded.failures,
       last_at = greatest(job_days.last_at, excluded.last_at),
       last_ms = case when excluded.last_at >= job_days.last_at then excluded.last_ms else job_days.last_ms end,
       last_error = case when excluded.last_at >= job_days.last_at then excluded.last_error else job_days.last_error end`,
    [
      sorted.map(({ name }) => name),
      sorted.map(({ day }) => day),
      sorted.map(({ runs }) => runs),
      sorted.map(({ failures }) => failures),
      sorted.map(({ lastAt }) => lastAt),
      sorted.map(({ lastMs }) => lastMs),
      sorted.map(({ lastError }) => lastError),
    ],
  )
}

/** How a kind of job stands: its last run, and what is in the queue of it. */
export interface JobState {
  readonly name: string
  readonly last_at: Date | null
  readonly last_ms: number | null
  readonly last_error: string | null
  /** Runs since `since`, and those of them that threw. */
  readonly runs: number
  readonly failures: number
  /** For now or later. */
  readonly waiting: number
  readonly running: number
  /** Dead letters. */
  readonly dead: number
  /** When the first of those that wait is due. */
  readonly due_at: Date | null
}

/** How each of these kinds of job stands, in one statement. It reads the whole queue, which is short where workers keep up. */
export async function findJobStates(
  db: Db,
  { names, since }: { names: readonly string[]; since: Date },
): Promise<JobState[]> {
  const { rows } = await sql<JobState>`
    with queued as (
      select tasks.identifier as name,
        count(*) filter (where locked_at is not null)::int as running,
        count(*) filter (where locked_at is null and attempts < max_attempts)::int as waiting,
        count(*) filter (where locked_at is null and attempts >= max_attempts)::int as dead,
        min(run_at) filter (where locked_at is null and attempts < max_attempts) as due_at
      from graphile_worker._private_jobs as jobs
      join graphile_worker._private_tasks as tasks on tasks.id = jobs.task_id
      group by 1
    ), counted as (
      select name, sum(runs)::int as runs, sum(failures)::int as failures
      from job_days where day > (${since}::timestamptz at time zone 'UTC')::date group by 1
    )
    select asked.name, last.last_at, last.last_ms, last.last_error, coalesce(runs, 0) as runs,
      coalesce(failures, 0) as failures, coalesce(waiting, 0) as waiting, coalesce(running, 0) as running,
      coalesce(dead, 0) as dead, due_at
    from unnest(${names}::text[]) as asked (name)
    left join queued using (name)
    left join counted using (name)
    left join lateral (
      select last_at, last_ms, last_error from job_days where job_days.name = asked.name order by day desc limit 1
    ) last on true
    order by array_position(${names}::text[], asked.name)`.execute(db)
  return rows
}

/** Forgets the days before a moment. */
export async function deleteOldRuns(tx: Tx, before: Date): Promise<void> {
  await tx
    .deleteFrom('job_days')
    .where(sql<SqlBool>`day < (${before}::timestamptz at time zone 'UTC')::date`)
    .execute()
}
