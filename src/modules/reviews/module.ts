import type { Module } from '../../platform/module.ts'
import { reviewData } from './personal-data.ts'
import { reviewRoutes } from './routes.ts'
import { reviewSubscribers } from './subscribers.ts'

export const reviews: Module = {
  name: 'reviews',
  routes: reviewRoutes,
  subscribers: reviewSubscribers,
  personalData: reviewData,
}
