import type { Module } from '../../platform/module.ts'
import { draftQuizRoutes } from './draft-quiz-routes.ts'
import { feedbackRoutes } from './feedback-routes.ts'
import { assistantJobs, assistantSchedules } from './jobs.ts'
import { assistantData } from './personal-data.ts'
import { assistantSubscribers } from './subscribers.ts'
import { summarizeRoutes } from './summarize-routes.ts'

export const assistant: Module = {
  name: 'assistant',
  routes(app, deps) {
    summarizeRoutes(app, deps)
    draftQuizRoutes(app, deps)
    feedbackRoutes(app, deps)
  },
  subscribers: assistantSubscribers,
  jobs: assistantJobs,
  schedules: assistantSchedules,
  personalData: assistantData,
}
