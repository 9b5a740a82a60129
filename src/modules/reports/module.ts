import type { Module } from '../../platform/module.ts'
import { analyticsRoutes } from './analytics-routes.ts'
import { courseAnalyticsRoutes } from './course-analytics-routes.ts'
import { adminDashboardRoutes } from './dashboard-admin-routes.ts'
import { instructorDashboardRoutes } from './dashboard-instructor-routes.ts'
import { parentDashboardRoutes } from './dashboard-parent-routes.ts'
import { studentDashboardRoutes } from './dashboard-student-routes.ts'
import { reportJobs, reportSchedules } from './jobs.ts'
import { reportSubscribers } from './subscribers.ts'

export const reports: Module = {
  name: 'reports',
  routes(app, deps) {
    studentDashboardRoutes(app, deps)
    parentDashboardRoutes(app, deps)
    analyticsRoutes(app, deps)
    courseAnalyticsRoutes(app, deps)
    instructorDashboardRoutes(app, deps)
    adminDashboardRoutes(app, deps)
  },
  subscribers: reportSubscribers,
  jobs: reportJobs,
  schedules: reportSchedules,
}
