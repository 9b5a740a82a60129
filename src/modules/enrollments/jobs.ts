import { Type } from 'typebox'
import type { Deps } from '../../platform/deps.ts'
import { defineJob, handle, type JobHandler, type Schedule } from '../../platform/jobs/jobs.ts'
import { repairCount } from '../catalogue/index.ts'
import { expireEnrollments } from './expire-enrollments.ts'
import { activationCounts } from './queries.ts'
import { expiredBefore } from './rules.ts'

const expirePending = defineJob('enrollments.expire-pending', Type.Object({}))
const checkActivations = defineJob('enrollments.check-activation-counts', Type.Object({}))
const atOnce = 500

/** In small transactions, so that a capture never waits long for an enrollment. */
async function expireAll({ transact, clock }: Deps): Promise<void> {
  const cause = { userId: null, at: clock.now() }
  const before = expiredBefore(cause.at)
  while ((await transact((tx) => expireEnrollments(tx, cause, { before, atOnce }))) === atOnce);
}

async function checkAll({ transact, log }: Deps): Promise<void> {
  for (;;) {
    const faults = await transact((tx) =>
      repairCount(tx, { of: 'activations', counted: activationCounts, atOnce }),
    )
    for (const fault of faults)
      log.error(fault, 'the count of the enrollments in a course was wrong; repaired')
    if (faults.length < atOnce) return
  }
}

export const enrollmentJobs: readonly JobHandler[] = [
  handle(expirePending, expireAll),
  handle(checkActivations, checkAll),
]
export const enrollmentSchedules: readonly Schedule[] = [
  { job: expirePending, cron: '*/10 * * * *' },
  { job: checkActivations, cron: '29 3 * * *' },
]
