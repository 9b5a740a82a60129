import type { Module } from '../../platform/module.ts'
import { operationsJobs, operationsSchedules } from './jobs.ts'
import { operationsPages } from './pages.ts'
import { operationsRoutes } from './routes.ts'

export const operations: Module = {
  name: 'operations',
  routes: operationsRoutes,
  pages: operationsPages,
  jobs: operationsJobs,
  schedules: operationsSchedules,
}
