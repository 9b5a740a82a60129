import type { Module } from '../../platform/module.ts'
import { callJobs, callSchedules } from './jobs.ts'
import { callData } from './personal-data.ts'
import { callRealtime } from './realtime.ts'
import { callRoutes } from './routes.ts'
import { callSubscribers } from './subscribers.ts'

export const calls: Module = {
  name: 'calls',
  routes: callRoutes,
  realtime: callRealtime,
  subscribers: callSubscribers,
  jobs: callJobs,
  schedules: callSchedules,
  personalData: callData,
}
