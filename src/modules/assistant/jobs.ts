import { Type } from 'typebox'
import { defineJob, handle, type JobHandler, type Schedule } from '../../platform/jobs/jobs.ts'
import { deleteOutdated } from './queries.ts'
import { outdatedAt } from './rules.ts'

const cleanUp = defineJob('assistant.clean-up', Type.Object({}))
const atOnce = 1_000

export const assistantJobs: readonly JobHandler[] = [
  handle(cleanUp, async ({ transact, clock }) => {
    const outdated = { ...outdatedAt(clock.now()), atOnce }
    while ((await transact((tx) => deleteOutdated(tx, outdated))) === atOnce);
  }),
]

export const assistantSchedules: readonly Schedule[] = [{ job: cleanUp, cron: '53 3 * * *' }]
