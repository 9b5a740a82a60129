import type { Deps } from './deps.ts'
import type { Subscriber } from './events/events.ts'
import type { App } from './http/app.ts'
import type { JobHandler, Schedule } from './jobs/jobs.ts'

/** A module's manifest: all that the rest of the program gets to know of it, beside its door (`index.ts`). */
export interface Module {
  readonly name: string
  /** Under `/api`. */
  readonly routes?: (app: App, deps: Deps) => void | Promise<void>
  /** At the root: what a browser opens or an operator's tools ask. */
  readonly pages?: (app: App, deps: Deps) => void | Promise<void>
  readonly subscribers?: readonly Subscriber[]
  readonly jobs?: readonly JobHandler[]
  readonly schedules?: readonly Schedule[]
}
