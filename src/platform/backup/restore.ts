import pg from 'pg'
import { findKnownMigrations, type Migrated, migrate, restoreMark } from '../database/migrate.ts'
import type { Log } from '../log.ts'
import type { Storage } from '../storage/storage.ts'
import { BackupError } from './backup-error.ts'
import type { Header } from './format.ts'
import { loadBackup } from './load.ts'
import { checkBackup, type OpenSource, readBackup } from './read-backup.ts'
import { restoreFiles } from './restore-files.ts'
import type { OnProgress } from './tables.ts'

const restoreLock = 7_205_011

export interface Restored {
  readonly header: Header
  readonly tables: number
  readonly rows: number
  /** How many files went into the media store. */
  readonly files: number
  /** The migrations that came after those of the backup. */
  readonly migrated: readonly string[]
}

/**
 * Checks that a whole backup is as it was made, and that this program knows its migrations, before anything is touched.
 * @throws {BackupError} where it is not, or does not
 */
export async function requireUsable(open: OpenSource): Promise<Awaited<ReturnType<typeof checkBackup>>> {
  const checked = await checkBackup(await open())
  const known = new Map((await findKnownMigrations()).map(({ name, checksum }) => [name, checksum]))
  for (const { name, checksum } of checked.header.migrations) {
    if (known.get(name) === checksum) continue
    throw new BackupError(
      known.has(name)
        ? `The backup has another migration ${name} than this Lectern: use the version that made it.`
        : `The backup has migration ${name}, which this Lectern does not know: use a newer version.`,
    )
  }
  return checked
}

/**
 * Restores a backup that `requireUsable` has found good into an empty database: the files first (they harm nobody where it goes no
 * further), then all tables in one transaction, then the migrations that are newer than the backup. One that was broken off is begun again
 * by the same call; until then nothing else migrates or serves the database.
 * @param options.storage takes the files that are in the backup; null leaves them out
 * @param options.migrateOn brings the database to the newest migration at the end
 * @throws {BackupError} where the database is not empty, or another restore is at work on it
 */
export async function restoreBackup(options: {
  url: string
  log: Log
  open: OpenSource
  storage: Storage | null
  migrateOn: boolean
  onProgress: OnProgress
}): Promise<Restored> {
  const { url, log, open, storage, onProgress } = options
  const client = new pg.Client({
    connectionString: url,
    application_name: 'lectern restore',
    keepAlive: true,
  })
  client.on('error', (error) => log.warn({ err: error }, 'a database connection was lost'))
  await client.connect()
  try {
    await claimEmpty(client)
    const { header } = await readHeader(open)
    const files = storage ? await restoreFiles(open, storage, onProgress) : 0
    await migrate({ url, log, only: header.migrations, restoring: true })
    const { entries } = await readBackup(await open())
    const loaded = await loadBackup(client, entries, onProgress)
    const migrated = options.migrateOn ? await migrate({ url, log }) : []
    return { header, ...loaded, files, migrated }
  } finally {
    await client.end()
  }
}

export function newestOf(migrations: readonly Migrated[]): string {
  return migrations.at(-1)?.name ?? ''
}

/** Reads no more of the file than its begin. */
async function readHeader(open: OpenSource): Promise<{ header: Header }> {
  const source = await open()
  const { header } = await readBackup(source)
  source.destroy()
  return { header }
}

async function claimEmpty(client: pg.Client): Promise<void> {
  const { rows: locks } = await client.query<{ free: boolean }>('select pg_try_advisory_lock($1) as free', [
    restoreLock,
  ])
  if (!locks[0]?.free) throw new BackupError('Another restore into this database is at work.')
  const { rows } = await client.query<{ name: string }>(
    `select tables.oid::regclass::text as name from pg_class tables
     join pg_namespace schemas on schemas.oid = tables.relnamespace
     where tables.relkind in ('r', 'p', 'v', 'm', 'f') and schemas.nspname <> 'information_schema' and schemas.nspname !~ '^pg_'
       and not exists (select from pg_depend where classid = 'pg_class'::regclass and objid = tables.oid and deptype = 'e')
       and to_regclass($1) is null
     limit 1`,
    [`public.${restoreMark}`],
  )
  if (rows[0]) {
    throw new BackupError(
      `The database is not empty (it has ${rows[0].name}): a backup is restored into an empty one only. ` +
        'Make a new database and name it in DATABASE_URL, or choose a new folder with LECTERN_DATA.',
    )
  }
  await client.query(`create table if not exists public.${restoreMark} (begun_at timestamptz not null)`)
}
