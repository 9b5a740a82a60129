import { Type } from 'typebox'
import { deleteOldKeys } from '../../platform/http/idempotency.ts'
import { defineJob, handle, type Schedule } from '../../platform/jobs/jobs.ts'
import { deleteOldRuns } from '../../platform/jobs/runs.ts'
import { backupSchedules } from './backup-jobs.ts'

const cleanUp = defineJob('operations.clean-up', Type.Object({}))
const hourMs = 3_600_000
const keyHours = 24
const runDays = 90

export const operationsJobs = [
  handle(cleanUp, async ({ transact, clock }) => {
    const ago = (hours: number) => new Date(clock.now().getTime() - hours * hourMs)
    await transact((tx) => deleteOldKeys(tx, ago(keyHours)))
    await transact((tx) => deleteOldRuns(tx, ago(runDays * 24)))
  }),
]

export const operationsSchedules: Schedule[] = [{ job: cleanUp, cron: '17 * * * *' }, ...backupSchedules]
