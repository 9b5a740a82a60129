import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runMigrations } from 'graphile-worker'
import { Kysely, PostgresDialect, sql } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import pg from 'pg'
import { quietLogger } from '../jobs/logger.ts'
import type { Log } from '../log.ts'
import { surviveLostConnections } from './database.ts'

interface ChecksumTable {
  migration_checksum: { name: string; checksum: string }
}
type Handle = Kysely<ChecksumTable>

const ownMigrations = join(import.meta.dirname, '../../../db/migrations')
const oldestServer = 150_000
/** Held by whoever looks whether there is something to migrate: one at a time. */
const migrationLock = 7_205_001
/**
 * Held by whoever changes tables, shared by whoever reads all of them for a while. A migration waits for it with nothing in its hands: one
 * that waited for a table would hold up all who want that table after it.
 */
export const tablesLock = 7_205_003
/** There from the begin of a restore to the end of its loading. */
export const restoreMark = 'restore_in_progress'

/** A migration as a database has it. */
export interface Migrated {
  readonly name: string
  /** SHA-256 of its text. */
  readonly checksum: string
}

/**
 * Brings the database to the newest migration: the job queue's own first, then `db/migrations/*.sql` (or those of `folder`) in the order of their names,
 * each with its SHA-256 recorded. Many nodes may call it at once: an advisory lock lets one through at a time.
 * @param options.only brings it to these migrations and no further
 * @param options.restoring whoever restores a backup migrates a database that everybody else has to leave alone
 * @returns the names of the migrations that were applied now
 * @throws where an applied migration's file was edited or is gone, the server is older than PostgreSQL 15, or a restore into the database
 *   did not come to its end
 */
export async function migrate(options: {
  url: string
  log: Log
  folder?: string
  only?: readonly Migrated[]
  restoring?: boolean
}): Promise<string[]> {
  const pool = new pg.Pool({ connectionString: options.url, max: 3, application_name: 'lectern migrate' })
  surviveLostConnections(pool, options.log)
  const db: Handle = new Kysely<ChecksumTable>({ dialect: new PostgresDialect({ pool }) })
  const lock = await pool.connect()
  try {
    await refuseOldServer(db)
    await lock.query('select pg_advisory_lock($1)', [migrationLock])
    if (!options.restoring) await refuseHalfRestored(db)
    await runMigrations({ pgPool: pool, logger: quietLogger(options.log) })
    await sql`create table if not exists migration_checksum (name text primary key, checksum text not null)`.execute(
      db,
    )
    const files = await readMigrations(options.folder ?? ownMigrations)
    const applied = await findApplied(db)
    refuseEdited(applied, files)
    const wanted = options.only?.map(({ name }) => name) ?? files.map(({ name }) => name)
    const known = new Set(applied.map(({ name }) => name))
    if (wanted.every((name) => known.has(name))) return []
    await lock.query('select pg_advisory_lock($1)', [tablesLock])
    return await applyNew(
      db,
      files.filter(({ name }) => wanted.includes(name)),
    )
  } finally {
    lock.release(true)
    await db.destroy()
    if (!pool.ended) await pool.end()
  }
}

/** The migrations of a database, in order; none where it is not Lectern's. */
export async function findMigrated(client: pg.ClientBase): Promise<Migrated[]> {
  const { rows: tables } = await client.query<{ found: boolean }>(
    `select to_regclass('public.migration_checksum') is not null as found`,
  )
  if (!tables[0]?.found) return []
  const { rows } = await client.query<Migrated>(
    'select name, checksum from public.migration_checksum order by name collate "C"',
  )
  return rows
}

/** The migrations that this program has, in order. */
export function findKnownMigrations(): Promise<Migrated[]> {
  return readMigrations(ownMigrations)
}

interface MigrationFile extends Migrated {
  readonly text: string
}

async function readMigrations(folder: string): Promise<MigrationFile[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
  return Promise.all(
    names.map(async (file) => {
      const text = await readFile(join(folder, file), 'utf8')
      const checksum = createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex')
      return { name: file.slice(0, -'.sql'.length), text, checksum }
    }),
  )
}

async function refuseOldServer(db: Handle): Promise<void> {
  const { rows } = await sql<{ version: number; shown: string }>`
    select current_setting('server_version_num')::int as version, current_setting('server_version') as shown`.execute(
    db,
  )
  const server = rows[0]
  if (server && server.version < oldestServer) {
    throw new Error(`PostgreSQL ${server.shown} is too old: Lectern needs version 15 or newer.`)
  }
}

async function refuseHalfRestored(db: Handle): Promise<void> {
  const { rows } = await sql<{ found: boolean }>`
    select to_regclass(${`public.${restoreMark}`}) is not null as found`.execute(db)
  if (rows[0]?.found) {
    throw new Error(
      'A restore into this database did not come to its end. Run it again: lectern restore FILE',
    )
  }
}

function findApplied(db: Handle): Promise<Migrated[]> {
  return db.selectFrom('migration_checksum').select(['name', 'checksum']).execute()
}

function refuseEdited(applied: readonly Migrated[], files: readonly MigrationFile[]): void {
  for (const { name, checksum } of applied) {
    const file = files.find((candidate) => candidate.name === name)
    if (!file) {
      throw new Error(
        `The database has migration ${name}, which this version of Lectern does not know. Start the newer version.`,
      )
    }
    if (file.checksum !== checksum) {
      throw new Error(
        `Migration ${name} was edited after it had been applied. Restore the file and put the change in a new migration.`,
      )
    }
  }
}

async function applyNew(db: Handle, files: MigrationFile[]): Promise<string[]> {
  const migrations: Record<string, Migration> = {}
  for (const file of files) {
    migrations[file.name] = {
      async up(handle: Handle) {
        await sql.raw(file.text).execute(handle)
        await handle
          .insertInto('migration_checksum')
          .values({ name: file.name, checksum: file.checksum })
          .execute()
      },
    }
  }
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } })
  const { error, results } = await migrator.migrateToLatest()
  if (error) {
    const failed = results?.find((result) => result.status === 'Error')?.migrationName
    throw new Error(`Migration ${failed ?? ''} failed; nothing was changed.`, { cause: error })
  }
  return (results ?? []).filter((result) => result.status === 'Success').map((result) => result.migrationName)
}
