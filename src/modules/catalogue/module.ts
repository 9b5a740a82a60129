import { takeForms } from '../../platform/http/read-form-file.ts'
import type { Module } from '../../platform/module.ts'
import { categoryRoutes } from './category-routes.ts'
import { courseRoutes } from './course-routes.ts'
import { catalogueJobs, catalogueSchedules } from './jobs.ts'
import { lessonRoutes } from './lesson-routes.ts'
import { listingRoutes } from './listing-routes.ts'
import { materialRoutes } from './material-routes.ts'
import { moderationRoutes } from './moderation-routes.ts'
import { sectionRoutes } from './section-routes.ts'
import { showsMedia } from './shows-media.ts'
import { storedThumbnails } from './stored-thumbnails.ts'
import { thumbnailRoutes } from './thumbnail-routes.ts'

export const catalogue: Module = {
  name: 'catalogue',
  async routes(app, deps) {
    categoryRoutes(app, deps)
    await listingRoutes(app, deps)
    courseRoutes(app, deps)
    moderationRoutes(app, deps)
    await takeForms(app, (forms) => thumbnailRoutes(forms, deps))
    sectionRoutes(app, deps)
    lessonRoutes(app, deps)
    materialRoutes(app, deps)
  },
  jobs: catalogueJobs,
  schedules: catalogueSchedules,
  showsMedia,
  storageKeys: storedThumbnails,
}
