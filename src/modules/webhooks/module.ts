import type { Module } from '../../platform/module.ts'
import { deliveryRoutes } from './delivery-routes.ts'
import { describedMessages } from './described-messages.ts'
import { endpointRoutes } from './endpoint-routes.ts'
import { webhookJobs, webhookSchedules } from './jobs.ts'
import { webhookData } from './personal-data.ts'
import { webhookSubscribers } from './subscribers.ts'

export const webhooks: Module = {
  name: 'webhooks',
  routes(app, deps) {
    endpointRoutes(app, deps)
    deliveryRoutes(app, deps)
    app.outgoing.push(...describedMessages)
  },
  subscribers: webhookSubscribers,
  jobs: webhookJobs,
  schedules: webhookSchedules,
  personalData: webhookData,
}
