import { takeForms } from '../../platform/http/read-form-file.ts'
import type { Module } from '../../platform/module.ts'
import { mediaJobs, mediaSchedules } from './jobs.ts'
import { mediaRoutes } from './media-routes.ts'
import { mediaData } from './personal-data.ts'
import { storedMedia } from './stored-media.ts'
import { mediaSubscribers } from './subscribers.ts'
import { uploadRoutes } from './upload-routes.ts'

export const media: Module = {
  name: 'media',
  async routes(app, deps) {
    await takeForms(app, (forms) => mediaRoutes(forms, deps))
    await uploadRoutes(app, deps)
  },
  subscribers: mediaSubscribers,
  jobs: mediaJobs,
  schedules: mediaSchedules,
  personalData: mediaData,
  storageKeys: storedMedia,
}
