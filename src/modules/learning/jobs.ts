import { Type } from 'typebox'
import type { Deps } from '../../platform/deps.ts'
import { defineJob, handle, type JobHandler, type Schedule } from '../../platform/jobs/jobs.ts'
import { repairFacts } from './repair-facts.ts'

const checkFacts = defineJob('learning.check-facts', Type.Object({}))
const atOnce = 1_000

async function checkAll({ transact, log }: Deps): Promise<void> {
  for (;;) {
    const { enrollments, counts, activity } = await transact((tx) => repairFacts(tx, atOnce))
    for (const fault of enrollments) log.error(fault, 'the facts of an enrollment were wrong; repaired')
    for (const fault of counts) log.error(fault, 'the learning counts of a course were wrong; repaired')
    for (const missing of activity) log.error(missing, 'an activity was not noted; repaired')
    if ([enrollments, counts, activity].every(({ length }) => length < atOnce)) return
  }
}

export const learningJobs: readonly JobHandler[] = [handle(checkFacts, checkAll)]
export const learningSchedules: readonly Schedule[] = [{ job: checkFacts, cron: '20 3 * * *' }]
