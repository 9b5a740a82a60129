import { failure, ofDatabase, ok, warning } from './check.ts'
import { askFor } from './database-checks.ts'

/** Work that is due waits for seconds; so much later, nobody takes it. */
const patienceSeconds = 300

/** The moment that is in an id (RFC 9562, section 5.7); PostgreSQL tells it itself from 17 on. */
const madeAt = `to_timestamp(('x' || left(replace(event_id::text, '-', ''), 12))::bit(48)::bigint / 1000.0)`

const hasQueue = `to_regclass('graphile_worker._private_jobs') is not null`

export const workerCheck = ofDatabase('worker', async (database, { config }) => {
  const { queue } = await askFor<{ queue: boolean }>(database, `select ${hasQueue} as queue`)
  if (!queue) return null
  const { events } = await askFor<{ events: boolean }>(
    database,
    `select to_regclass('waiting_events') is not null as events`,
  )
  const { workers, waiting, oldest } = await askFor<{ workers: number; waiting: number; oldest: number }>(
    database,
    `with waiting (since) as (
       select run_at from graphile_worker._private_jobs where run_at <= now() and locked_at is null and attempts < max_attempts
       ${events ? `union all select ${madeAt} from waiting_events` : ''}
     )
     select (select count(*)::int from pg_stat_activity
             where application_name = 'lectern workers' and datname = current_database()) as workers,
       count(*)::int as waiting, coalesce(extract(epoch from now() - min(since)), 0)::int as oldest
     from waiting`,
  )
  const queued =
    waiting === 0 ? 'nothing waits' : `${waiting} jobs and events wait, the oldest for ${oldest} s`
  if (workers > 0 && oldest > patienceSeconds)
    return failure(
      `Processes that work jobs: ${workers}, but ${queued}.`,
      'Look into their logs; start another lectern worker where they are only too few.',
    )
  if (workers > 0) return ok(`Processes that work jobs: ${workers}; ${queued}.`)
  const todo =
    config.jobs === 'off' ? 'Start lectern worker.' : 'Start lectern serve (JOBS=inline), or lectern worker.'
  if (oldest > patienceSeconds) return failure(`Nobody works jobs, and ${queued}.`, todo)
  return warning(`Nobody works jobs at this moment; ${queued}.`, todo)
})

export const deadLettersCheck = ofDatabase('dead letters', async (database) => {
  const { queue } = await askFor<{ queue: boolean }>(database, `select ${hasQueue} as queue`)
  if (!queue) return null
  const { dead, kinds } = await askFor<{ dead: number; kinds: string[] | null }>(
    database,
    `select count(*)::int as dead, array_agg(distinct tasks.identifier) as kinds
     from graphile_worker._private_jobs as jobs join graphile_worker._private_tasks as tasks on tasks.id = task_id
     where jobs.attempts >= jobs.max_attempts and jobs.locked_at is null`,
  )
  if (dead === 0) return ok('There are none.')
  return warning(
    `${dead} jobs have used up their attempts: ${kinds?.join(', ')}.`,
    'Read why (GET /api/admin/jobs/dead), mend it, and give them their attempts back (POST …/:id/retry).',
  )
})

export const nodesCheck = ofDatabase('nodes', async (database, { config }) => {
  const { nodes, workers } = await askFor<{ nodes: number; workers: number }>(
    database,
    `select count(*) filter (where application_name = 'lectern signals')::int as nodes,
       count(*) filter (where application_name = 'lectern workers')::int as workers
     from pg_stat_activity where datname = current_database()`,
  )
  const said = `Processes of Lectern on this database: ${nodes}, of which ${workers} work jobs.`
  const serving = config.jobs === 'off' ? nodes - workers : nodes
  if (serving > 1 && config.redisUrl === null)
    return warning(
      `${said} If two of them serve, neither hears the other's pushes without Redis.`,
      'Set REDIS_URL for all of them, or serve by one alone.',
    )
  return ok(said)
})
