import type { Module } from '../../platform/module.ts'
import { categoryRoutes } from './category-routes.ts'
import { courseRoutes } from './course-routes.ts'
import { lessonRoutes } from './lesson-routes.ts'
import { listingRoutes } from './listing-routes.ts'
import { sectionRoutes } from './section-routes.ts'

export const catalogue: Module = {
  name: 'catalogue',
  routes(app, deps) {
    categoryRoutes(app, deps)
    listingRoutes(app, deps)
    courseRoutes(app, deps)
    sectionRoutes(app, deps)
    lessonRoutes(app, deps)
  },
}
