import type { Module } from '../../platform/module.ts'
import { sessionRoutes } from './session-routes.ts'

export const accounts: Module = {
  name: 'accounts',
  routes: sessionRoutes,
}
