import { on } from '../../platform/events/events.ts'
import type { Module } from '../../platform/module.ts'
import { userDeleted } from '../accounts/index.ts'
import { reminderJobs, reminderSchedules } from './jobs.ts'
import { reminderData } from './personal-data.ts'
import { deleteRemindersOf } from './queries.ts'

export const reminders: Module = {
  name: 'reminders',
  subscribers: [
    on(userDeleted, 'reminders.erase', (tx, { payload }) => deleteRemindersOf(tx, payload.userId)),
  ],
  jobs: reminderJobs,
  schedules: reminderSchedules,
  personalData: reminderData,
}
