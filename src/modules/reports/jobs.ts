import { Type } from 'typebox'
import type { Deps } from '../../platform/deps.ts'
import { defineJob, handle, type JobHandler, type Schedule } from '../../platform/jobs/jobs.ts'
import { countTables } from './counts.ts'
import { updateShards, updateWrongCounts } from './repair-queries.ts'

const checkCounts = defineJob('reports.check-counts', Type.Object({}))
const atOnce = 1_000
const dayMs = 86_400_000

/** There should never be a fault: one is a bug, or somebody was at the database. */
async function checkAll({ transact, log, clock }: Deps): Promise<void> {
  const dayAgo = new Date(clock.now().getTime() - dayMs)
  for (const counts of countTables) {
    for (;;) {
      const faults = await transact((tx) => updateWrongCounts(tx, counts, atOnce))
      for (const fault of faults)
        log.error({ table: counts.table, ...fault }, 'a count of the reports was wrong; repaired')
      if (faults.length < atOnce) break
    }
    await transact((tx) => updateShards(tx, counts, dayAgo))
  }
}

export const reportJobs: readonly JobHandler[] = [handle(checkCounts, checkAll)]
export const reportSchedules: readonly Schedule[] = [{ job: checkCounts, cron: '41 3 * * *' }]
