import type { Module } from '../../platform/module.ts'
import { chatData } from './personal-data.ts'
import { chatRealtime } from './realtime.ts'
import { chatRoutes } from './routes.ts'
import { showsMedia } from './shows-media.ts'
import { chatSubscribers } from './subscribers.ts'

export const chat: Module = {
  name: 'chat',
  routes: chatRoutes,
  realtime: chatRealtime,
  subscribers: chatSubscribers,
  personalData: chatData,
  showsMedia,
}
