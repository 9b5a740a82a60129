import { Type } from 'typebox'
import { withoutHurry } from '../../platform/database/database.ts'
import type { Deps } from '../../platform/deps.ts'
import { defineJob, handle, type JobHandler, type Schedule } from '../../platform/jobs/jobs.ts'
import {
  deleteOutgrownRuns,
  findMissingRuns,
  findRuns,
  insertRun,
  lockRuns,
  updateWrongRun,
} from './active-queries.ts'
import { countTables } from './counts.ts'
import { updateShards, updateWrongCounts, updateWrongStandings } from './repair-queries.ts'

const checkCounts = defineJob('reports.check-counts', Type.Object({}))
// Its name stands in the trigger that asks for it, too (`0079_reports_active_people.sql`).
const countActivePeople = defineJob('reports.count-active-people', Type.Object({}))
const atOnce = 1_000
const dayMs = 86_400_000

/** There should never be a fault: one is a bug, or somebody was at the database. */
async function checkAll({ transact, db, log, clock }: Deps): Promise<void> {
  const unhurried = withoutHurry(transact)
  const dayAgo = new Date(clock.now().getTime() - dayMs)
  for (;;) {
    const faults = await unhurried((tx) => updateWrongStandings(tx, atOnce))
    for (const fault of faults)
      log.error(fault, 'the facts of an enrollment were wrong about its end; repaired')
    if (faults.length < atOnce) break
  }
  for (const counts of countTables) {
    for (;;) {
      const faults = await unhurried((tx) => updateWrongCounts(tx, counts, atOnce))
      for (const fault of faults)
        log.error({ table: counts.table, ...fault }, 'a count of the reports was wrong; repaired')
      if (faults.length < atOnce) break
    }
    await unhurried((tx) => updateShards(tx, counts, dayAgo))
  }
  for (const run of await findRuns(db)) {
    const fault = await unhurried(async (tx) => {
      await lockRuns(tx)
      return updateWrongRun(tx, run)
    })
    if (fault) log.error({ table: 'active_people', ...fault }, 'a count of active people was wrong; repaired')
  }
}

/** A run at a time, so that nobody who notes an activity of a past day waits for long. */
async function countActive({ transact, db, clock }: Deps): Promise<void> {
  const at = clock.now()
  const unhurried = withoutHurry(transact)
  for (const run of await findMissingRuns(db, at)) {
    await unhurried(async (tx) => {
      await lockRuns(tx)
      await insertRun(tx, run)
    })
  }
  await transact((tx) => deleteOutgrownRuns(tx, at))
}

export const reportJobs: readonly JobHandler[] = [
  handle(checkCounts, checkAll),
  handle(countActivePeople, countActive),
]
export const reportSchedules: readonly Schedule[] = [
  { job: checkCounts, cron: '41 3 * * *' },
  // Soon after midnight, and again where it was not at work then.
  { job: countActivePeople, cron: '7 * * * *' },
]
