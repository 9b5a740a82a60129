import type { Module } from '../../platform/module.ts'
import { accountJobs, accountSchedules } from './jobs.ts'
import { accountPages } from './pages.ts'
import { personalData } from './personal-data.ts'
import { accountRoutes } from './routes.ts'
import { storedAvatars } from './stored-avatars.ts'
import { accountSubscribers } from './subscribers.ts'

export const accounts: Module = {
  name: 'accounts',
  routes: accountRoutes,
  pages: accountPages,
  subscribers: accountSubscribers,
  jobs: accountJobs,
  schedules: accountSchedules,
  personalData,
  storageKeys: storedAvatars,
}
