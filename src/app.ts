import { createAuthenticate, exportRoutes, onUserChanged } from './modules/accounts/index.ts'
import { publishingRoutes } from './modules/catalogue/index.ts'
import { mediaContentRoutes } from './modules/media/index.ts'
import { backupJobs, jobRoutes } from './modules/operations/index.ts'
import { modules } from './modules.ts'
import type { Deps } from './platform/deps.ts'
import { eventJobs } from './platform/events/deliver.ts'
import type { App } from './platform/http/app.ts'
import { serveReference } from './platform/http/reference.ts'
import { createHttp } from './platform/http/server.ts'
import type { BackgroundWork } from './platform/jobs/worker.ts'
import { serveRealtimeReference } from './platform/realtime/asyncapi.ts'
import type { Realtime } from './platform/realtime/contract.ts'
import { serveRealtime } from './platform/realtime/server.ts'

/** The whole program behind HTTP: the platform, then every module in order. */
export async function buildApp(deps: Deps): Promise<App> {
  const authenticate = createAuthenticate(deps)
  const app = await createHttp(deps, authenticate)
  await app.register(
    async (api: App) => {
      for (const { routes } of modules) await routes?.(api, deps)
      exportRoutes(api, deps, modules)
      mediaContentRoutes(api, deps, modules)
      publishingRoutes(api, deps, modules)
      jobRoutes(api, deps, backgroundWork())
    },
    { prefix: '/api' },
  )
  for (const { pages } of modules) await pages?.(app, deps)
  serveReference(app)
  const parts = realtimeParts()
  serveRealtimeReference(app, parts)
  const realtime = await serveRealtime(app, deps, { authenticate, parts })
  onUserChanged(deps.signals, (userId) => realtime.userChanged(userId))
  await app.ready()
  return app
}

/** What all modules add to the realtime protocol. */
export function realtimeParts(): Realtime[] {
  return modules.flatMap(({ realtime }) => realtime ?? [])
}

/** All background work of all modules, for a worker. */
export function backgroundWork(): Required<BackgroundWork> {
  const subscribers = modules.flatMap((module) => module.subscribers ?? [])
  return {
    handlers: [
      ...eventJobs(subscribers),
      ...modules.flatMap((module) => module.jobs ?? []),
      ...backupJobs(modules),
    ],
    schedules: modules.flatMap((module) => module.schedules ?? []),
    subscribers,
  }
}
