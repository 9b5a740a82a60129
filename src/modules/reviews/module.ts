import type { Module } from '../../platform/module.ts'
import { reviewJobs, reviewSchedules } from './jobs.ts'
import { reviewData } from './personal-data.ts'
import { reviewRoutes } from './routes.ts'
import { reviewSubscribers } from './subscribers.ts'

export const reviews: Module = {
  name: 'reviews',
  routes: reviewRoutes,
  jobs: reviewJobs,
  schedules: reviewSchedules,
  subscribers: reviewSubscribers,
  personalData: reviewData,
}
