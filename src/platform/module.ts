import type { Actor } from './actor.ts'
import type { Db, Tx } from './database/database.ts'
import type { Deps } from './deps.ts'
import type { Check } from './doctor/check.ts'
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

/** What is wrong with a file of a course folder, and where. */
export interface FolderFault {
  readonly file: string
  /** From 1; 0 where it concerns the file as a whole. */
  readonly line: number
  readonly fault: string
}

/** The files of a course folder (docs/course-folders.md) that are a module's, by their paths in it. */
export type FolderTexts = ReadonlyMap<string, string>

/** A course, and the ids of its lessons by the paths of their files. */
export interface CourseInFolder {
  readonly courseId: string
  readonly lessons: ReadonlyMap<string, string>
}

/** What a module has in the folder of a course, beside the Markdown of the course itself. */
export interface FolderPart {
  readonly owns: (path: string) => boolean
  /**
   * What is wrong with its files.
   * @param folder.lessons the types of lessons by the paths of their files; null where those cannot be read
   */
  readonly check: (folder: {
    readonly texts: FolderTexts
    readonly lessons: ReadonlyMap<string, string> | null
    readonly published: boolean
  }) => readonly FolderFault[]
  /** Takes what they say into a course that was just made of the folder, and is not published yet. They were checked. */
  readonly read: (
    tx: Tx,
    actor: Actor,
    folder: { texts: FolderTexts; course: CourseInFolder },
  ) => Promise<void>
  /** Writes what `read` reads, and says what keeps the course that is made of it from being published. */
  readonly write: (
    db: Db,
    course: CourseInFolder,
  ) => Promise<{ readonly texts: FolderTexts; readonly hindrances: readonly Hindrance[] }>
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
  /** What it writes into the folder of a course that is exported, and reads from one that is imported. */
  readonly courseFolder?: FolderPart
  /**
   * The keys of all that the module keeps in the store, as its rows name them: what `lectern media migrate` copies and backups name. What has not come
   * whole is left out.
   */
  readonly storageKeys?: (db: Db) => AsyncIterable<string>
  /** What `lectern doctor` looks at beside the platform's own. */
  readonly checks?: readonly Check[]
}

/** The keys of all that the modules keep in the store. */
export async function* storageKeysOf(modules: readonly Module[], db: Db): AsyncGenerator<string> {
  for (const module of modules) if (module.storageKeys) yield* module.storageKeys(db)
}
