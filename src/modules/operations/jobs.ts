import { Type } from 'typebox'
import { deleteOldEvents } from '../../platform/events/clean-up.ts'
import { deleteOldKeys } from '../../platform/http/idempotency.ts'
import { deleteOldDeadLetters } from '../../platform/jobs/dead-letters.ts'
import { defineJob, handle, type JobHandler, type Schedule } from '../../platform/jobs/jobs.ts'
import { deleteOldRuns } from '../../platform/jobs/runs.ts'
import { backupSchedules } from './backup-jobs.ts'

const cleanUp = defineJob('operations.clean-up', Type.Object({}))
const cleanUpEvents = defineJob('operations.clean-up-events', Type.Object({}))
const hourMs = 3_600_000
const keyHours = 24
const runDays = 90
/** They may hold addresses and names, and what nobody has given its attempts back by then nobody misses. */
const deadLetterDays = 90
const deadLettersAtOnce = 1_000
const eventDays = 180
const eventsAtOnce = 5_000

export const operationsJobs: readonly JobHandler[] = [
  handle(cleanUp, async ({ transact, clock }) => {
    const ago = (hours: number) => new Date(clock.now().getTime() - hours * hourMs)
    await transact((tx) => deleteOldKeys(tx, ago(keyHours)))
    await transact((tx) => deleteOldRuns(tx, ago(runDays * 24)))
    const dead = { before: ago(deadLetterDays * 24), limit: deadLettersAtOnce }
    while ((await transact((tx) => deleteOldDeadLetters(tx, dead))) === deadLettersAtOnce);
  }),
  handle(cleanUpEvents, async ({ transact, clock }) => {
    const before = new Date(clock.now().getTime() - eventDays * 24 * hourMs)
    const some = () => transact((tx) => deleteOldEvents(tx, { before, limit: eventsAtOnce }))
    while ((await some()) === eventsAtOnce);
  }),
]

export const operationsSchedules: Schedule[] = [
  { job: cleanUp, cron: '17 * * * *' },
  { job: cleanUpEvents, cron: '4 4 * * *' },
  ...backupSchedules,
]
