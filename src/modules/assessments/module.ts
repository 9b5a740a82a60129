import type { Module } from '../../platform/module.ts'
import { attemptRoutes } from './attempt-routes.ts'
import { bankRoutes } from './bank-routes.ts'
import { childAttemptRoutes } from './child-routes.ts'
import { courseFolder } from './course-folder.ts'
import { extraAttemptRoutes } from './extra-attempt-routes.ts'
import { hindersPublishing } from './hinders-publishing.ts'
import { assessmentJobs, assessmentSchedules } from './jobs.ts'
import { attemptData } from './personal-data.ts'
import { quizRoutes } from './quiz-routes.ts'
import { assessmentSubscribers } from './subscribers.ts'

export const assessments: Module = {
  name: 'assessments',
  routes(app, deps) {
    quizRoutes(app, deps)
    bankRoutes(app, deps)
    attemptRoutes(app, deps)
    extraAttemptRoutes(app, deps)
    childAttemptRoutes(app, deps)
  },
  subscribers: assessmentSubscribers,
  jobs: assessmentJobs,
  schedules: assessmentSchedules,
  personalData: attemptData,
  hindersPublishing,
  courseFolder,
}
