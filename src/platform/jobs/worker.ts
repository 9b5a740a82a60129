import { EventEmitter } from 'node:events'
import { parseCronItems, type Runner, run, type TaskList, type WorkerEvents } from 'graphile-worker'
import type pg from 'pg'
import { Compile } from 'typebox/compile'
import type { Deps } from '../deps.ts'
import type { JobHandler, Schedule } from './jobs.ts'
import { quietLogger } from './logger.ts'
import { guardWorkers } from './recovery.ts'

export interface Worker {
  /** Takes no new job, waits for those at work, then resolves. */
  stop(): Promise<void>
}

/**
 * Works the queue in this process until stopped.
 * @param options.concurrency how many jobs run at once
 */
export async function startWorker(
  deps: Deps,
  pool: pg.Pool,
  work: { handlers: readonly JobHandler[]; schedules: readonly Schedule[] },
  options: { concurrency: number },
): Promise<Worker> {
  const events: WorkerEvents = new EventEmitter()
  events.on('job:success', ({ job }) =>
    deps.metrics.observeJob({ name: job.task_identifier, outcome: 'done' }),
  )
  events.on('job:failed', ({ job }) => {
    const outcome = job.attempts >= job.max_attempts ? 'dead' : 'failed'
    deps.metrics.observeJob({ name: job.task_identifier, outcome })
  })
  const guard = await guardWorkers({ pool, events, log: deps.log })
  const runner: Runner = await run({
    pgPool: pool,
    events,
    logger: quietLogger(deps.log),
    concurrency: options.concurrency,
    pollInterval: 1_000,
    noHandleSignals: true,
    taskList: taskList(deps, work.handlers),
    parsedCronItems: parseCronItems(
      work.schedules.map(({ job, cron }) => ({
        task: job.name,
        match: cron,
        options: { maxAttempts: job.maxAttempts },
      })),
    ),
  })
  return {
    async stop() {
      await runner.stop()
      await guard.stop()
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
      await work(deps, payload)
    }
  }
  return tasks
}
