import { Type } from 'typebox'
import type { Deps } from '../../platform/deps.ts'
import { defineJob, handle, type JobHandler, type Schedule } from '../../platform/jobs/jobs.ts'
import { expireEnrollments } from './expire-enrollments.ts'
import { expiredBefore } from './rules.ts'

const expirePending = defineJob('enrollments.expire-pending', Type.Object({}))
const atOnce = 500

/** In small transactions, so that a capture never waits long for an enrollment. */
async function expireAll({ transact, clock }: Deps): Promise<void> {
  const cause = { userId: null, at: clock.now() }
  const before = expiredBefore(cause.at)
  while ((await transact((tx) => expireEnrollments(tx, cause, { before, atOnce }))) === atOnce);
}

export const enrollmentJobs: readonly JobHandler[] = [handle(expirePending, expireAll)]
export const enrollmentSchedules: readonly Schedule[] = [{ job: expirePending, cron: '*/10 * * * *' }]
