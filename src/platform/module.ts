import type { Actor } from './actor.ts'
import type { Db } from './database/database.ts'
import type { Deps } from './deps.ts'
import type { Subscriber } from './events/events.ts'
import type { App } from './http/app.ts'
import type { JobHandler, Schedule } from './jobs/jobs.ts'
import type { Realtime } from './realtime/contract.ts'

/** What keeps a course from being published, and where. */
export interface Hindrance {
  /** A stable code, such as `no_quiz`. */
  readonly reason: string
  readonly lessonId: string
  /** For people. */
  readonly message: string
}

/** A module's manifest: all that the rest of the program gets to know of it, beside its door (`index.ts`). */
export interface Module {
  readonly name: string
  /** Under `/api`. */
  readonly routes?: (app: App, deps: Deps) => void | Promise<void>
  /** At the root: what a browser opens or an operator's tools ask. */
  readonly pages?: (app: App, deps: Deps) => void | Promise<void>
  /** What it adds to the realtime protocol. */
  readonly realtime?: Realtime
  readonly subscribers?: readonly Subscriber[]
  readonly jobs?: readonly JobHandler[]
  readonly schedules?: readonly Schedule[]
  /**
   * What the module holds of a person, for the archive that they may ask for: names and values as JSON has them. A value that is an
   * async iterable becomes an array and is never whole in memory: let what grows with time be one.
   */
  readonly personalData?: (db: Db, userId: string) => Promise<Record<string, unknown>>
  /**
   * Whether something of the module's that this person may see holds the uploaded file: one module's yes is enough. Its uploader and
   * admins are not asked about.
   * @param actor null for somebody who is not signed in
   */
  readonly showsMedia?: (db: Db, actor: Actor | null, mediaId: string) => Promise<boolean>
  /** What keeps a course from being published that the catalogue does not know of; asked while the course is held. */
  readonly hindersPublishing?: (db: Db, courseId: string) => Promise<readonly Hindrance[]>
  /**
   * The keys of all that the module keeps in the store, as its rows name them: what `lectern media migrate` copies. What has not come
   * whole is left out.
   */
  readonly storageKeys?: (db: Db) => AsyncIterable<string>
}
