import { Type } from 'typebox'
import type { Deps } from '../../platform/deps.ts'
import { defineJob, handle, type JobHandler, type Schedule } from '../../platform/jobs/jobs.ts'
import { repairCount } from '../catalogue/index.ts'
import { starCounts } from './queries.ts'

const checkStars = defineJob('reviews.check-star-counts', Type.Object({}))
const atOnce = 1_000

async function checkAll({ transact, log }: Deps): Promise<void> {
  for (;;) {
    const faults = await transact((tx) => repairCount(tx, { of: 'stars', counted: starCounts, atOnce }))
    for (const fault of faults) log.error(fault, 'the counts of the reviews of a course were wrong; repaired')
    if (faults.length < atOnce) return
  }
}

export const reviewJobs: readonly JobHandler[] = [handle(checkStars, checkAll)]
export const reviewSchedules: readonly Schedule[] = [{ job: checkStars, cron: '32 3 * * *' }]
