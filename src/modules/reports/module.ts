import type { Module } from '../../platform/module.ts'
import { reportJobs, reportSchedules } from './jobs.ts'
import { reportSubscribers } from './subscribers.ts'

export const reports: Module = {
  name: 'reports',
  subscribers: reportSubscribers,
  jobs: reportJobs,
  schedules: reportSchedules,
}
