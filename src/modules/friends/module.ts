import type { Module } from '../../platform/module.ts'
import { blockRoutes } from './block-routes.ts'
import { friendData } from './personal-data.ts'
import { friendRoutes } from './routes.ts'
import { friendSubscribers } from './subscribers.ts'

export const friends: Module = {
  name: 'friends',
  routes(app, deps) {
    friendRoutes(app, deps)
    blockRoutes(app, deps)
  },
  subscribers: friendSubscribers,
  personalData: friendData,
}
