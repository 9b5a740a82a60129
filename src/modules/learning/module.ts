import type { Module } from '../../platform/module.ts'
import { childProgressRoutes } from './child-routes.ts'
import { contentsRoutes } from './contents-routes.ts'
import { courseRoutes } from './course-routes.ts'
import { learningJobs, learningSchedules } from './jobs.ts'
import { materialRoutes } from './material-routes.ts'
import { progressData } from './personal-data.ts'
import { progressRoutes } from './progress-routes.ts'
import { rosterRoutes } from './roster-routes.ts'
import { showsMedia } from './shows-media.ts'
import { learningSubscribers } from './subscribers.ts'

export const learning: Module = {
  name: 'learning',
  routes(app, deps) {
    courseRoutes(app, deps)
    materialRoutes(app, deps)
    contentsRoutes(app, deps)
    progressRoutes(app, deps)
    childProgressRoutes(app, deps)
    rosterRoutes(app, deps)
  },
  subscribers: learningSubscribers,
  jobs: learningJobs,
  schedules: learningSchedules,
  personalData: progressData,
  showsMedia,
}
