import { Type } from 'typebox'
import type { Deps } from '../../platform/deps.ts'
import { defineJob, handle, type JobHandler, type Schedule } from '../../platform/jobs/jobs.ts'
import { findEndingAttempts } from './find-ending.ts'
import { findIdle } from './find-idle.ts'
import { findEnrollmentsOfAge } from './find-of-age.ts'
import { searchOn } from './find-reminders.ts'
import { findUnpaid } from './find-unpaid.ts'
import { sendReminders } from './send-reminders.ts'

export const remind = defineJob('reminders.remind', Type.Object({}))

const foundAtOnce = 500
const sentAtOnce = 100

/** Page by page, a short transaction each, whatever there is to do. */
export async function runReminders({ transact, clock }: Deps): Promise<void> {
  const cause = { userId: null, at: clock.now() }
  for (const finder of [findUnpaid, findEndingAttempts, findEnrollmentsOfAge, findIdle])
    while (await transact((tx) => searchOn(tx, cause, { finder, limit: foundAtOnce })));
  while (await transact((tx) => sendReminders(tx, cause, { atOnce: sentAtOnce })));
}

export const reminderJobs: readonly JobHandler[] = [handle(remind, runReminders)]

// Every 9:00 there is, since time zones differ by quarters of an hour.
export const reminderSchedules: readonly Schedule[] = [{ job: remind, cron: '*/5 * * * *' }]
