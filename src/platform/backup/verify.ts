import { randomBytes } from 'node:crypto'
import { addAbortSignal } from 'node:stream'
import pg from 'pg'
import { openDatabase, sqlState } from '../database/database.ts'
import { migrate } from '../database/migrate.ts'
import type { Log } from '../log.ts'
import { BackupError } from './backup-error.ts'
import type { Header, Totals } from './format.ts'
import type { OpenSource } from './read-backup.ts'
import { requireUsable, restoreBackup } from './restore.ts'
import { hashDatabase, openSnapshot } from './snapshot.ts'
import { type OnProgress, quote } from './tables.ts'

/** With the hash of its name, shared by whoever has made a scratch database, for as long as its process lives. */
const scratchLock = 7_205_012
const objectInUse = '55006'

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
 * their rows and checksums with the file's, and migrates it on to the newest version. What a verify that was killed left on the server is
 * dropped first.
 * @param options.url of a database on the server; its role has to be allowed to create databases
 * @param options.signal breaks it off, at the next piece that is read; the scratch database is dropped
 * @throws {BackupError} where the file is damaged or unknown, or the role may not
 */
export async function verifyBackup(options: {
  url: string
  log: Log
  open: OpenSource
  at: Date
  signal: AbortSignal
  onProgress: OnProgress
}): Promise<Verified> {
  const { url, log, at, signal, onProgress } = options
  const open = async () => addAbortSignal(signal, await options.open())
  const { header, parts } = await requireUsable(open)
  const scratch = await createScratch(url, log)
  try {
    const { tables, rows } = await restoreBackup({
      url: scratch.url,
      log,
      open,
      storage: null,
      migrateOn: false,
      onProgress,
    })
    const different = await compare(scratch.url, log, { at, signal, expected: parts })
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
  { at, signal, expected }: { at: Date; signal: AbortSignal; expected: ReadonlyMap<string, Totals> },
): Promise<string[]> {
  const database = openDatabase({ url, size: 1, slowMs: Number.POSITIVE_INFINITY, log })
  const snapshot = await openSnapshot({ client: await database.connect(), at })
  try {
    const different: string[] = []
    for await (const [name, totals] of hashDatabase(snapshot)) {
      signal.throwIfAborted()
      const said = expected.get(name)
      if (said?.rows !== totals.rows || said.sha256 !== totals.sha256) different.push(name)
    }
    return different
  } finally {
    await snapshot.close()
    await database.close()
  }
}

async function createScratch(url: string, log: Log): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `lectern_verify_${randomBytes(6).toString('hex')}`
  const client = new pg.Client({ connectionString: url, application_name: 'lectern verify', keepAlive: true })
  client.on('error', (error) => log.warn({ err: error }, 'a database connection was lost'))
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
    await dropLeftBehind(client, log)
    await client.query('select pg_advisory_lock_shared($1, hashtext($2))', [scratchLock, name])
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
      await dropDatabase(client, name).finally(() => client.end())
    },
  }
}

/** The server waits for connections that are about to end; those that stay (of work that failed) are cut off. */
async function dropDatabase(client: pg.Client, name: string): Promise<void> {
  try {
    await client.query(`drop database ${quote(name)}`)
  } catch (error) {
    if (sqlState(error) !== objectInUse) throw error
    await client.query(`drop database ${quote(name)} with (force)`)
  }
}

/** Locks are seen over all databases of a server: that of a verify at work, of this school or another, keeps its own. */
async function dropLeftBehind(client: pg.Client, log: Log): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select datname as name from pg_database
     where datname ~ '^lectern_verify_[0-9a-f]{12}$' and pg_has_role(datdba, 'usage')
       and not exists (select from pg_locks where locktype = 'advisory' and classid = $1 and objid = hashtext(datname)::oid)`,
    [scratchLock],
  )
  for (const { name } of rows)
    await client
      .query(`drop database if exists ${quote(name)} with (force)`)
      .catch((error) => log.warn({ err: error, name }, 'cannot drop what a verify left behind'))
}
