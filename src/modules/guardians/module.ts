import type { Module } from '../../platform/module.ts'
import { guardianData } from './personal-data.ts'
import { guardianRoutes } from './routes.ts'
import { guardianSubscribers } from './subscribers.ts'

export const guardians: Module = {
  name: 'guardians',
  routes: guardianRoutes,
  subscribers: guardianSubscribers,
  personalData: guardianData,
}
