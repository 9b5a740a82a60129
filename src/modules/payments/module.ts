import type { Module } from '../../platform/module.ts'
import { gatewayChecks } from './gateway-checks.ts'
import { paymentJobs, paymentSchedules } from './jobs.ts'
import { paymentPages } from './pages.ts'
import { paymentData } from './personal-data.ts'
import { paymentRoutes } from './routes.ts'
import { paymentSubscribers } from './subscribers.ts'

export const payments: Module = {
  name: 'payments',
  routes: paymentRoutes,
  pages: paymentPages,
  subscribers: paymentSubscribers,
  jobs: paymentJobs,
  schedules: paymentSchedules,
  personalData: paymentData,
  checks: gatewayChecks,
}
