import type { Module } from '../../platform/module.ts'
import { hearAnswers } from './answer-signals.ts'
import { draftQuizRoutes } from './draft-quiz-routes.ts'
import { feedbackRoutes } from './feedback-routes.ts'
import { assistantJobs, assistantSchedules } from './jobs.ts'
import { assistantData } from './personal-data.ts'
import { serviceCheck } from './service-check.ts'
import { assistantSubscribers } from './subscribers.ts'
import { summarizeRoutes } from './summarize-routes.ts'

export const assistant: Module = {
  name: 'assistant',
  routes(app, deps) {
    const asking = { ...deps, answers: hearAnswers(deps.signals) }
    summarizeRoutes(app, asking)
    draftQuizRoutes(app, asking)
    feedbackRoutes(app, asking)
  },
  subscribers: assistantSubscribers,
  jobs: assistantJobs,
  schedules: assistantSchedules,
  personalData: assistantData,
  checks: [serviceCheck],
}
