import type { Module } from '../../platform/module.ts'
import { courseRoutes } from './course-routes.ts'
import { progressRoutes } from './progress-routes.ts'

export const learning: Module = {
  name: 'learning',
  routes(app, deps) {
    courseRoutes(app, deps)
    progressRoutes(app, deps)
  },
}
