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
const migrationLock = 7_205_001

/**
 * Brings the database to the newest migration: the job queue's own first, then `db/migrations/*.sql` (or those of `folder`) in the order of their names,
 * each with its SHA-256 recorded. Many nodes may call it at once: an advisory lock lets one through at a time.
 * @returns the names of the migrations that were applied now
 * @throws where an applied migration's file was edited or is gone, or the server is older than PostgreSQL 15
 */
export async function migrate(options: { url: string; log: Log; folder?: string }): Promise<string[]> {
  const pool = new pg.Pool({ connectionString: options.url, max: 3, application_name: 'lectern migrate' })
  surviveLostConnections(pool, options.log)
  const db: Handle = new Kysely<ChecksumTable>({ dialect: new PostgresDialect({ pool }) })
  const lock = await pool.connect()
  try {
    await refuseOldServer(db)
    await lock.query('select pg_advisory_lock($1)', [migrationLock])
    await runMigrations({ pgPool: pool, logger: quietLogger(options.log) })
    await sql`create table if not exists migration_checksum (name text primary key, checksum text not null)`.execute(
      db,
    )
    const files = await readMigrations(options.folder ?? ownMigrations)
    await refuseEdited(db, files)
    return await applyNew(db, files)
  } finally {
    lock.release(true)
    await db.destroy()
    if (!pool.ended) await pool.end()
  }
}

interface MigrationFile {
  readonly name: string
  readonly text: string
  readonly checksum: string
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

async function refuseEdited(db: Handle, files: MigrationFile[]): Promise<void> {
  const applied = await db.selectFrom('migration_checksum').select(['name', 'checksum']).execute()
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
