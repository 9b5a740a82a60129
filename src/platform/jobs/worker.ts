import { EventEmitter } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { type Runner, run, type TaskList, type WorkerEvents } from 'graphile-worker'
import pg from 'pg'
import { Compile } from 'typebox/compile'
import { surviveLostConnections } from '../database/database.ts'
import { usualPatience } from '../database/patience.ts'
import { watchSilence } from '../database/silence.ts'
import type { Deps } from '../deps.ts'
import type { Subscriber } from '../events/events.ts'
import { startRelay } from '../events/relay.ts'
import type { Log } from '../log.ts'
import type { JobHandler, Schedule } from './jobs.ts'
import { quietLogger } from './logger.ts'
import { guardWorkers } from './recovery.ts'
import { recordRuns } from './runs.ts'
import { cronItems } from './schedules.ts'

const restartMs = 1_000
/** How many jobs wait for others' servers at once, beside those that do not. */
const outgoingAtOnce = 8

/** How many connections a worker's pool has at most: outgoing jobs wait for others' servers most of the time. */
export function workerPoolSize(concurrency: number): number {
  return concurrency + outgoingAtOnce / 2 + 3
}

export interface Worker {
  /** Takes no new job, waits for those at work, then resolves. */
  stop(): Promise<void>
}

/** What is done beside requests. */
export interface BackgroundWork {
  readonly handlers: readonly JobHandler[]
  readonly schedules: readonly Schedule[]
  /** To whom the events that wait are handed on. Unset: they are left to others. */
  readonly subscribers?: readonly Subscriber[]
}

/** Jobs that share workers. */
interface Lane {
  readonly handlers: readonly JobHandler[]
  readonly schedules: readonly Schedule[]
  readonly atOnce: number
  readonly pollInterval: number
  readonly events: WorkerEvents
}

/**
 * Works the queue and hands events on in this process until stopped; the queue on connections of its own, so that requests and jobs
 * cannot starve each other. Where the database goes away in the midst of it, it is begun again until it is back.
 * @param options.url of the database
 * @param options.concurrency how many jobs run at once; outgoing ones have places of their own
 */
export async function startWorker(
  deps: Deps,
  work: BackgroundWork,
  options: { url: string; concurrency: number },
): Promise<Worker> {
  const { log, metrics } = deps
  const { url, concurrency } = options
  const pool = new pg.Pool({
    connectionString: url,
    max: workerPoolSize(concurrency),
    application_name: 'lectern worker',
    keepAlive: true,
    onConnect: watchSilence({ url, silentMs: usualPatience.silentMs, log }),
  })
  surviveLostConnections(pool, log)
  const { outgoing = [], inside = [] } = Object.groupBy(work.handlers, ({ job }) =>
    job.outgoing ? 'outgoing' : 'inside',
  )
  const schedules = work.schedules.filter(({ refusal }) => !refusal?.(deps.config))
  const lanes: Lane[] = [
    { handlers: inside, schedules, atOnce: concurrency, pollInterval: 1_000, events: new EventEmitter() },
  ]
  if (outgoing.length > 0)
    lanes.push({
      handlers: outgoing,
      schedules: [],
      atOnce: outgoingAtOnce,
      pollInterval: 2_000,
      events: new EventEmitter(),
    })
  const events = lanes.map((lane) => lane.events)
  for (const lane of events) {
    lane.on('job:success', ({ job }) => metrics.observeJob({ name: job.task_identifier, outcome: 'done' }))
    lane.on('job:error', ({ job }) => {
      const outcome = job.attempts >= job.max_attempts ? 'dead' : 'failed'
      metrics.observeJob({ name: job.task_identifier, outcome })
    })
  }
  const record = recordRuns({ pool, events, log, clock: deps.clock })
  const guard = await guardWorkers({ url, pool, events, log })

  const begin = (lane: Lane) =>
    run({
      pgPool: pool,
      events: lane.events,
      logger: quietLogger(log),
      concurrency: lane.atOnce,
      pollInterval: lane.pollInterval,
      noHandleSignals: true,
      taskList: taskList(deps, lane.handlers),
      parsedCronItems: cronItems(lane.schedules),
      // In batches (of whatever is done at the moment), since a failed write of one job's end is an unhandled rejection, which ends the
      // process; that of a batch ends the workers, and they are begun again.
      preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
    })
  const runners = lanes.map((lane) => keepRunning(() => begin(lane), lane.events, log))
  await Promise.all(runners.map(({ begun }) => begun))
  const relay = work.subscribers ? startRelay(deps, work.subscribers) : null
  return {
    async stop() {
      await relay?.stop()
      await Promise.all(runners.map((runner) => runner.stop()))
      await guard.stop()
      await record.stop()
      await pool.end()
    },
  }
}

/**
 * Begins, and begins again whenever it ends or is about to: it takes no more jobs then, and may wait for those at work for long, or for
 * ever (graphile-worker 0.18 counts the ends that it has to write wrongly after one could not be). Until stopped. `begun` is rejected
 * where the first begin fails.
 */
function keepRunning(
  begin: () => Promise<Runner>,
  events: WorkerEvents,
  log: Log,
): { begun: Promise<void>; stop(): Promise<void> } {
  let runner: Runner | null = null
  let stopped = false
  const { promise: begun, resolve, reject } = Promise.withResolvers<void>()
  function abandon(old: Runner): void {
    log.error('the worker of jobs ended; it is begun again')
    // Its ticks of the clock, too; where it has ended already it says so.
    old.stop().catch(() => undefined)
  }

  const ended = (async () => {
    while (!stopped) {
      const ending = Promise.withResolvers<void>()
      const hear = () => ending.resolve()
      events.on('pool:gracefulShutdown', hear)
      try {
        runner = await begin()
        resolve()
        await Promise.race([runner.promise, ending.promise])
        if (!stopped) abandon(runner)
      } catch (error) {
        reject(error)
        if (!stopped) log.error({ err: error }, 'the worker of jobs failed; it is begun again')
      }
      events.off('pool:gracefulShutdown', hear)
      if (!stopped) await pause(restartMs)
    }
  })()
  return {
    begun,
    async stop() {
      stopped = true
      await runner
        ?.stop()
        .catch((error) => log.warn({ err: error }, 'the worker of jobs did not stop cleanly'))
      await ended
    },
  }
}

/** Each handler behind a check of its payload, so that a malformed job fails loudly and ends as a dead letter. */
export function taskList(deps: Deps, handlers: readonly JobHandler[]): TaskList {
  const tasks: TaskList = {}
  for (const { job, run: work } of handlers) {
    const shape = Compile(job.payload)
    tasks[job.name] = async (payload: unknown) => {
      if (!shape.Check(payload)) throw new Error(`A ${job.name} job carries a malformed payload.`)
      await work(deps, payload).catch((error: unknown) => {
        throw writable(error)
      })
    }
  }
  return tasks
}

/** PostgreSQL's text holds no zero byte: a failure that could not be written down would leave its job locked. */
function writable(error: unknown): unknown {
  const message = error instanceof Error ? error.message : String(error)
  return message.includes('\0') ? new Error(message.replaceAll('\0', ''), { cause: error }) : error
}
