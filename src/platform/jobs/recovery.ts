import type { WorkerEvents } from 'graphile-worker'
import pg from 'pg'
import type { Log } from '../log.ts'

const every = 5_000

/**
 * Frees the jobs of killed workers. graphile-worker itself waits four hours; here the id under which a process locks its jobs is held as a session
 * lock (PostgreSQL documentation, "Advisory Locks") on one connection of its process, which the server releases when the
 * process dies. A job locked by a worker whose lock can be taken is nobody's, and is unlocked.
 */
export async function guardWorkers(options: {
  url: string
  pool: pg.Pool
  events: readonly WorkerEvents[]
  log: Log
}): Promise<{ stop(): Promise<void> }> {
  const { url, pool, events, log } = options
  const workers = new Set<string>()
  const atWork = new Set<string>()
  let held: pg.Client | null = null
  let stopped = false
  let turn: Promise<void> = Promise.resolve()

  async function hold(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: url,
      application_name: 'lectern workers',
      keepAlive: true,
      query_timeout: every,
    })
    client.on('error', () => {
      held = null
    })
    await client.connect()
    for (const worker of workers) await lock(client, worker)
    return client
  }

  /** A line can be dead without a word; the server then frees the locks sooner or later, and they are taken again. */
  function giveUp(error: unknown): never {
    held?.end().catch(() => undefined)
    held = null
    throw error
  }

  /** One thing after the other: a connection answers one question at a time. */
  function inTurn(work: () => Promise<void>): Promise<void> {
    turn = turn.then(work).catch((error) => {
      if (!stopped) log.warn({ err: error }, 'could not look after the jobs of killed workers')
    })
    return turn
  }

  async function recover(): Promise<void> {
    held ??= await hold()
    await held.query('select').catch(giveUp)
    const freed = await freeJobs(pool, [...workers])
    if (freed.length > 0) log.warn({ workers: freed }, 'freed the jobs of killed workers')
    const lost = await freeLostJobs(pool, [...workers], [...atWork])
    if (lost.length > 0) log.warn({ jobs: lost }, 'freed jobs that were lost on their way to this worker')
  }

  for (const lane of events) {
    lane.on('pool:create', ({ workerPool: { id } }) => {
      workers.add(id)
      inTurn(async () => {
        if (held) await lock(held, id)
      })
    })
    lane.on('job:start', ({ job }) => atWork.add(job.id))
    lane.on('job:complete', ({ job }) => atWork.delete(job.id))
  }
  await inTurn(recover)
  const timer = setInterval(() => inTurn(recover), every)
  return {
    async stop() {
      stopped = true
      clearInterval(timer)
      await turn
      await held?.end()
    },
  }
}

async function lock(client: pg.Client, worker: string): Promise<void> {
  await client.query('select pg_advisory_lock(hashtextextended($1, 0))', [worker])
}

/** A worker that has only just begun may not hold its lock yet, hence the three seconds. */
async function freeJobs(pool: pg.Pool, own: string[]): Promise<string[]> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    const { rows } = await client.query<{ worker: string }>(
      `select worker from (
         select distinct locked_by as worker from graphile_worker._private_jobs
         where locked_by is not null and locked_at < now() - interval '3 seconds' and locked_by <> all ($1)
         offset 0
       ) as busy where pg_try_advisory_xact_lock(hashtextextended(worker, 0))`,
      [own],
    )
    const dead = rows.map((row) => row.worker)
    if (dead.length > 0) await client.query('select graphile_worker.force_unlock_workers($1)', [dead])
    await client.query('commit')
    return dead
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw error
  } finally {
    client.release()
  }
}

/**
 * A connection may break just after the server has given us a job and before we hear of it: it is locked for us, and nobody works on
 * it. A minute is more than the end of a job takes to be written.
 */
async function freeLostJobs(pool: pg.Pool, own: string[], atWork: string[]): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `with freed as (
       update graphile_worker._private_jobs set locked_at = null, locked_by = null
       where locked_by = any ($1) and id <> all ($2::bigint[]) and locked_at < now() - interval '1 minute'
       returning id, job_queue_id
     ), queues as (
       update graphile_worker._private_job_queues set locked_at = null, locked_by = null
       where id in (select job_queue_id from freed)
     )
     select id::text from freed`,
    [own, atWork],
  )
  return rows.map((row) => row.id)
}
