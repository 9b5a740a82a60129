import type { Module } from '../../platform/module.ts'
import { auditRoutes } from './audit-routes.ts'
import { backupRoutes } from './backup-routes.ts'
import { operationsJobs, operationsSchedules } from './jobs.ts'
import { operationsPages } from './pages.ts'
import { operationsRoutes } from './routes.ts'

export const operations: Module = {
  name: 'operations',
  routes(app, deps) {
    operationsRoutes(app, deps)
    auditRoutes(app, deps)
    backupRoutes(app, deps)
  },
  pages: operationsPages,
  jobs: operationsJobs,
  schedules: operationsSchedules,
}
