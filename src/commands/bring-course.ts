import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import {
  expectThumbnail,
  filesFolder,
  type ImportedCourse,
  importCourse,
  mediaFilesOf,
  mostThumbnailBytes,
  newThumbnailKey,
  storeThumbnail,
  type WholeFolder,
} from '../modules/catalogue/index.ts'
import { expectFile, judgeFile, keepFile, type StoredFile, storeFile } from '../modules/media/index.ts'
import { modules } from '../modules.ts'
import type { Actor } from '../platform/actor.ts'
import type { Tx } from '../platform/database/database.ts'
import type { Deps } from '../platform/deps.ts'
import { Refusal, refuse, tooLarge } from '../platform/http/refusal.ts'
import { CommandError } from './command.ts'
import { readCourse } from './course-files.ts'

/** A course folder of which the files are in the store: all that is left is one transaction. */
export interface BroughtCourse extends WholeFolder {
  readonly files: ReadonlyMap<string, StoredFile>
  readonly thumbnailKey: string | null
}

/**
 * Reads a course folder and brings its files into the store.
 * @throws CommandError with every fault of the folder, or of its files
 */
export async function bringCourse(
  deps: Deps,
  folder: string,
  progress: (text: string) => void,
): Promise<BroughtCourse> {
  const whole = await readCourse(folder)
  const { course } = whole
  const files = new Map<string, StoredFile>()
  const faults: string[] = []
  const attempt = async <T>(name: string, bring: (path: string) => Promise<T>): Promise<T | null> => {
    const path = join(folder, filesFolder, name)
    progress(`Bringing ${path} …`)
    try {
      return await bring(path)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      faults.push(`${path}: ${error.message}`)
      return null
    }
  }
  for (const name of mediaFilesOf(course)) {
    const stored = await attempt(name, (path) => bringFile(deps, path, name))
    if (stored?.file.failure_reason)
      faults.push(`${join(folder, filesFolder, name)}: ${stored.file.failure_reason}`)
    if (stored) files.set(name, stored)
  }
  const thumbnailKey =
    course.thumbnail === undefined
      ? null
      : await attempt(course.thumbnail, (path) => bringThumbnail(deps, path))
  if (faults.length > 0)
    throw new CommandError(`The course cannot be imported; nothing was changed.\n${faults.join('\n')}`)
  return { ...whole, files, thumbnailKey }
}

async function bringFile(
  { storage, transact, clock }: Deps,
  path: string,
  fileName: string,
): Promise<StoredFile> {
  const { size: bytes } = await stat(path)
  const source = createReadStream(path)
  const judged = await judgeFile({ fileName, declaredType: null, bytes, source })
  await transact((tx) => expectFile(tx, { userId: null, at: clock.now() }, judged))
  return storeFile(storage, judged)
}

async function bringThumbnail({ storage, transact, clock }: Deps, path: string): Promise<string> {
  if ((await stat(path)).size > mostThumbnailBytes)
    throw refuse(tooLarge, `A picture of a course has at most ${mostThumbnailBytes} bytes.`)
  const key = newThumbnailKey()
  await transact((tx) => expectThumbnail(tx, { userId: null, at: clock.now() }, key))
  await storeThumbnail(storage, key, await readFile(path))
  return key
}

/** Makes the course; its files become uploads of the actor's. */
export async function importBrought(
  tx: Tx,
  { config }: Pick<Deps, 'config'>,
  actor: Actor,
  { course, lessonPaths, texts, files, thumbnailKey }: BroughtCourse,
): Promise<ImportedCourse> {
  const media = new Map<string, string>()
  for (const [name, stored] of files)
    media.set(name, (await keepFile(tx, actor, { stored, quotas: config.mediaQuotas })).id)
  return importCourse(tx, actor, course, {
    files: { media, thumbnailKey },
    parts: { texts, lessonPaths, modules },
    site: config,
  })
}
