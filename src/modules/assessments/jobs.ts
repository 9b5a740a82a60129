import { Type } from 'typebox'
import type { Deps } from '../../platform/deps.ts'
import { defineJob, handle, type JobHandler, type Schedule } from '../../platform/jobs/jobs.ts'
import { expireAttempt } from './expire-attempt.ts'
import { expireAttemptJob } from './expire-attempt-job.ts'
import { rebuildResults } from './rebuild-results.ts'

const rebuild = defineJob('assessments.rebuild-results', Type.Object({}))
const atOnce = 1_000

export const assessmentJobs: readonly JobHandler[] = [
  handle(expireAttemptJob, ({ transact, clock }, { attemptId }) =>
    transact((tx) => expireAttempt(tx, { userId: null, at: clock.now() }, attemptId)),
  ),
  handle(rebuild, async ({ transact, log }: Deps) => {
    while ((await transact((tx) => rebuildResults(tx, log, atOnce))) === atOnce);
  }),
]
export const assessmentSchedules: readonly Schedule[] = [{ job: rebuild, cron: '40 2 * * *' }]
