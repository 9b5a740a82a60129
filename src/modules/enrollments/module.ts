import type { Module } from '../../platform/module.ts'
import { childEnrollmentRoutes } from './child-routes.ts'
import { grantRoutes } from './grant-routes.ts'
import { importRoutes } from './import-routes.ts'
import { enrollmentJobs, enrollmentSchedules } from './jobs.ts'
import { enrollmentData } from './personal-data.ts'
import { enrollmentRoutes } from './routes.ts'
import { enrollmentSubscribers } from './subscribers.ts'

export const enrollments: Module = {
  name: 'enrollments',
  async routes(app, deps) {
    enrollmentRoutes(app, deps)
    childEnrollmentRoutes(app, deps)
    grantRoutes(app, deps)
    await importRoutes(app, deps)
  },
  jobs: enrollmentJobs,
  schedules: enrollmentSchedules,
  subscribers: enrollmentSubscribers,
  personalData: enrollmentData,
}
