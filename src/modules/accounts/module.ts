import type { Module } from '../../platform/module.ts'
import { identityRoutes } from './identity-routes.ts'
import { sessionRoutes } from './session-routes.ts'

export const accounts: Module = {
  name: 'accounts',
  routes: (app, deps) => {
    sessionRoutes(app, deps)
    identityRoutes(app, deps)
  },
}
