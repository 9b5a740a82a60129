import type { Module } from '../../platform/module.ts'
import { findLastSeen } from './queries.ts'
import { presenceRealtime } from './realtime.ts'
import { presenceRoutes } from './routes.ts'
import { presenceSubscribers } from './subscribers.ts'

export const presence: Module = {
  name: 'presence',
  routes: presenceRoutes,
  realtime: presenceRealtime,
  subscribers: presenceSubscribers,
  personalData: async (db, userId) => ({
    lastSeenAt: (await findLastSeen(db, [userId])).get(userId) ?? null,
  }),
}
