import { Type } from 'typebox'
import { deleteOldKeys } from '../../platform/http/idempotency.ts'
import { defineJob, handle, type Schedule } from '../../platform/jobs/jobs.ts'
import { backupSchedules } from './backup-jobs.ts'

const cleanUp = defineJob('operations.clean-up', Type.Object({}))
const keptHours = 24

export const operationsJobs = [
  handle(cleanUp, async ({ transact, clock }) => {
    const before = new Date(clock.now().getTime() - keptHours * 3_600_000)
    await transact((tx) => deleteOldKeys(tx, before))
  }),
]

export const operationsSchedules: Schedule[] = [{ job: cleanUp, cron: '17 * * * *' }, ...backupSchedules]
