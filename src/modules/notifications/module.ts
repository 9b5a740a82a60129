import type { Module } from '../../platform/module.ts'
import { notificationJobs, notificationSchedules } from './jobs.ts'
import { notificationPages } from './pages.ts'
import { notificationData } from './personal-data.ts'
import { preferenceRoutes } from './preference-routes.ts'
import { notificationPush, notificationReadPush } from './pushes.ts'
import { notificationRoutes } from './routes.ts'
import { notificationSubscribers } from './subscribers.ts'

export const notifications: Module = {
  name: 'notifications',
  routes(app, deps) {
    notificationRoutes(app, deps)
    preferenceRoutes(app, deps)
  },
  pages: notificationPages,
  realtime: { pushes: [notificationPush, notificationReadPush] },
  subscribers: notificationSubscribers,
  jobs: notificationJobs,
  schedules: notificationSchedules,
  personalData: notificationData,
}
