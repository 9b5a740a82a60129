import { Type } from 'typebox'
import { systemClock } from '../../src/platform/clock.ts'
import type { Deps } from '../../src/platform/deps.ts'
import { defineJob, handle } from '../../src/platform/jobs/jobs.ts'
import { startWorker } from '../../src/platform/jobs/worker.ts'
import { createLog } from '../../src/platform/log.ts'
import { createMetrics } from '../../src/platform/metrics.ts'

/** A worker process that takes a job, says so, and never finishes it: to be killed. Argument: the database's address. */
const url = process.argv[2] ?? ''
const log = createLog('silent')
const work = handle(defineJob('stuck', Type.Object({})), async () => {
  process.stdout.write('taken\n')
  await new Promise(() => undefined)
})
const deps = { log, clock: systemClock, metrics: createMetrics({ process: false }) } as Deps
await startWorker(deps, { handlers: [work], schedules: [] }, { url, concurrency: 1 })
