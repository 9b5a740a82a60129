import { Type } from 'typebox'
import type { Deps } from '../../platform/deps.ts'
import { defineJob, handle, type JobHandler, type Schedule } from '../../platform/jobs/jobs.ts'
import { expireAttempt } from './expire-attempt.ts'
import { expireAttemptJob } from './expire-attempt-job.ts'
import { rebuildResults } from './rebuild-results.ts'
import { repairActivity } from './repair-activity.ts'

const rebuild = defineJob('assessments.rebuild-results', Type.Object({}))
const atOnce = 1_000

async function rebuildAll({ transact, log }: Deps): Promise<void> {
  for (;;) {
    const results = await transact((tx) => rebuildResults(tx, atOnce))
    for (const wrong of results) log.error(wrong, 'a quiz result was not what its attempts say; repaired')
    const activity = await transact((tx) => repairActivity(tx, atOnce))
    for (const missing of activity) log.error(missing, 'an attempt was not noted as activity; repaired')
    if (results.length < atOnce && activity.length < atOnce) return
  }
}

export const assessmentJobs: readonly JobHandler[] = [
  handle(expireAttemptJob, ({ transact, clock }, { attemptId }) =>
    transact((tx) => expireAttempt(tx, { userId: null, at: clock.now() }, attemptId)),
  ),
  handle(rebuild, rebuildAll),
]
export const assessmentSchedules: readonly Schedule[] = [{ job: rebuild, cron: '40 2 * * *' }]
