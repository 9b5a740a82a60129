import type { Module } from '../../platform/module.ts'
import { grantRoutes } from './grant-routes.ts'
import { enrollmentJobs, enrollmentSchedules } from './jobs.ts'
import { enrollmentRoutes } from './routes.ts'

export const enrollments: Module = {
  name: 'enrollments',
  routes(app, deps) {
    enrollmentRoutes(app, deps)
    grantRoutes(app, deps)
  },
  jobs: enrollmentJobs,
  schedules: enrollmentSchedules,
}
