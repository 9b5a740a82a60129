import type { Module } from '../../platform/module.ts'
import { mediaJobs, mediaSchedules } from './jobs.ts'
import { mediaRoutes } from './media-routes.ts'
import { mediaData } from './personal-data.ts'
import { storedMedia } from './stored-media.ts'
import { mediaSubscribers } from './subscribers.ts'

export const media: Module = {
  name: 'media',
  routes: mediaRoutes,
  subscribers: mediaSubscribers,
  jobs: mediaJobs,
  schedules: mediaSchedules,
  personalData: mediaData,
  storageKeys: storedMedia,
}
