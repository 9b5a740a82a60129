import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { openDatabase } from '../database/database.ts'
import { migrate } from '../database/migrate.ts'
import type { Log } from '../log.ts'
import { BackupError } from './backup-error.ts'
import type { Header, Totals } from './format.ts'
import type { OpenSource } from './read-backup.ts'
import { requireUsable, restoreBackup } from './restore.ts'
import { hashDatabase, openSnapshot } from './snapshot.ts'
import { type OnProgress, quote } from './tables.ts'

export interface Verified {
  readonly header: Header
  readonly tables: number
  readonly rows: number
  readonly files: number
  /** The names of the parts that came out otherwise; none where the backup is good. */
  readonly different: readonly string[]
}

/**
 * Proves a backup: restores it into a scratch database that is made beside the given one and dropped again, reads all tables back, compares
 * their rows and checksums with the file's, and migrates it on to the newest version.
 * @param options.url of a database on the server; its role has to be allowed to create databases
 * @throws {BackupError} where the file is damaged or unknown, or the role may not
 */
export async function verifyBackup(options: {
  url: string
  log: Log
  open: OpenSource
  at: Date
  onProgress: OnProgress
}): Promise<Verified> {
  const { url, log, open, at, onProgress } = options
  const { header, parts } = await requireUsable(open)
  const scratch = await createScratch(url)
  try {
    const { tables, rows } = await restoreBackup({
      url: scratch.url,
      log,
      open,
      storage: null,
      migrateOn: false,
      onProgress,
    })
    const different = await compare(scratch.url, log, at, parts)
    await migrate({ url: scratch.url, log })
    const files = [...parts.keys()].filter((name) => name.startsWith('file ')).length
    return { header, tables, rows, files, different }
  } finally {
    await scratch.drop()
  }
}

async function compare(
  url: string,
  log: Log,
  at: Date,
  expected: ReadonlyMap<string, Totals>,
): Promise<string[]> {
  const database = openDatabase({ url, size: 1, slowMs: Number.POSITIVE_INFINITY, log })
  const snapshot = await openSnapshot({ client: await database.connect(), at })
  try {
    const different: string[] = []
    for await (const [name, totals] of hashDatabase(snapshot)) {
      const said = expected.get(name)
      if (said?.rows !== totals.rows || said.sha256 !== totals.sha256) different.push(name)
    }
    return different
  } finally {
    await snapshot.close()
    await database.close()
  }
}

async function createScratch(url: string): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `lectern_verify_${randomBytes(6).toString('hex')}`
  const client = new pg.Client({ connectionString: url, application_name: 'lectern verify' })
  await client.connect()
  try {
    const { rows } = await client.query<{ may: boolean }>(
      'select rolcreatedb or rolsuper as may from pg_roles where rolname = current_user',
    )
    if (!rows[0]?.may) {
      throw new BackupError(
        'To verify a backup a scratch database is made, which this role may not: ALTER ROLE … CREATEDB, or name another server ' +
          'in DATABASE_URL, or leave it unset so that the embedded one is used.',
      )
    }
    await client.query(`create database ${quote(name)}`)
  } catch (error) {
    await client.end()
    throw error
  }
  const beside = new URL(url)
  beside.pathname = `/${name}`
  return {
    url: beside.href,
    async drop() {
      await client.query(`drop database if exists ${quote(name)} with (force)`)
      await client.end()
    },
  }
}
