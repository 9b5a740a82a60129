import { Readable } from 'node:stream'
import type { Connect, Db } from '../database/database.ts'
import { findKnownMigrations } from '../database/migrate.ts'
import type { Storage } from '../storage/storage.ts'
import { BackupError } from './backup-error.ts'
import { type Entry, encodeBackup, type Header } from './format.ts'
import { readMedia } from './media-entries.ts'
import { type BackupName, nameBackup, readBackupName, readMarkName, verifiedEnding } from './names.ts'
import { checkBackup } from './read-backup.ts'
import { newestOf } from './restore.ts'
import { findSuperfluous, type Keep } from './retention.ts'
import { openSnapshot, readDatabase, type Snapshot } from './snapshot.ts'
import type { OnProgress } from './tables.ts'
import type { BackupTarget } from './target.ts'

/** All that the school keeps in the media store, as its rows name it. */
export type StorageKeys = (db: Db) => AsyncIterable<string>

export interface MadeBackup {
  readonly name: string
  readonly createdAt: Date
  readonly bytes: number
  readonly migration: string
  /** How many files were to be in it and are not in the media store. */
  readonly missingFiles: readonly string[]
}

/** What a snapshot gives for a file. @param options.storage null: the names of the files only */
export async function* readSchool(
  snapshot: Snapshot,
  options: {
    storageKeys: StorageKeys
    storage: Storage | null
    missing: (key: string) => void
    onProgress: OnProgress
  },
): AsyncGenerator<Entry> {
  const { storageKeys, onProgress } = options
  let parts = 0
  async function* all() {
    yield* readMedia(storageKeys(snapshot.db), options)
    yield* readDatabase(snapshot, onProgress)
  }
  for await (const entry of all()) {
    if (entry.kind === 'end') parts += 1
    yield entry
  }
  yield { kind: 'done', parts }
}

/**
 * Writes one consistent backup to the target, reads it back whole, and only then lets it count.
 * @throws {BackupError} where another one is being made, the database lacks migrations, or what came back is not what was written
 */
export async function makeBackup(options: {
  connect: Connect
  target: BackupTarget
  at: Date
  storageKeys: StorageKeys
  storage: Storage | null
  onProgress: OnProgress
}): Promise<MadeBackup> {
  const { connect, target, at } = options
  const snapshot = await openSnapshot({ client: await connect(), at })
  try {
    await refuseOlder(snapshot.header)
    const migration = newestOf(snapshot.header.migrations)
    const name = nameBackup(at, migration)
    const missingFiles: string[] = []
    const entries = readSchool(snapshot, { ...options, missing: (key) => void missingFiles.push(key) })
    const source = Readable.from(encodeBackup(snapshot.header, entries), { objectMode: false })
    const { bytes } = await target.put(name, source)
    await snapshot.letGo()
    const written = await target.open(name)
    if (!written) throw new BackupError(`${name} is not at ${target.shown}, although it was written.`)
    await checkBackup(written).catch(async (error) => {
      await target.delete(name)
      throw error
    })
    return { name, createdAt: at, bytes, migration, missingFiles }
  } finally {
    await snapshot.close()
  }
}

/** The modules name their files by statements on the newest tables. */
async function refuseOlder({ migrations }: Header): Promise<void> {
  const there = new Set(migrations.map(({ name }) => name))
  const lacking = (await findKnownMigrations()).find(({ name }) => !there.has(name))
  if (!lacking) return
  throw new BackupError(
    `The database lacks migration ${lacking.name}: make the backup by the version of Lectern that it ran with, or run lectern migrate first.`,
  )
}

/** Removes what need not be kept, marks too, but for the newest: that a backup was proven outlives it. @returns the names of the backups */
export async function applyRetention(target: BackupTarget, keep: Keep, at: Date): Promise<string[]> {
  const there = await target.list()
  const backups = there.flatMap(({ name }) => readBackupName(name) ?? [])
  const superfluous = findSuperfluous(backups, keep, at).map(({ name }) => name)
  for (const name of superfluous) await target.delete(name)
  const kept = new Set(backups.map(({ name }) => name)).difference(new Set(superfluous))
  for (const { name } of newestFirst(there.flatMap(({ name }) => readMarkName(name) ?? [])).slice(1))
    if (!kept.has(name)) await target.delete(`${name}${verifiedEnding}`)
  return superfluous
}

/** The newest backup that was restored for trial, be it kept or not. */
export async function findProven(target: BackupTarget): Promise<BackupName | null> {
  return newestFirst((await target.list()).flatMap(({ name }) => readMarkName(name) ?? []))[0] ?? null
}

export interface ListedBackup {
  readonly name: string
  readonly createdAt: Date
  readonly migration: string
  readonly bytes: number
  readonly verified: boolean
}

/** What is at the target, newest first. */
export async function listBackups(target: BackupTarget): Promise<ListedBackup[]> {
  const there = await target.list()
  const names = new Set(there.map(({ name }) => name))
  return newestFirst(
    there.flatMap(({ name, bytes }) => {
      const said = readBackupName(name)
      return said ? [{ ...said, bytes, verified: names.has(`${name}${verifiedEnding}`) }] : []
    }),
  )
}

/** Names sort as their times do. */
function newestFirst<Named extends BackupName>(backups: readonly Named[]): Named[] {
  return backups.toSorted((a, b) => (a.name < b.name ? 1 : -1))
}
