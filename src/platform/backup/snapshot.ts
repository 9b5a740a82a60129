import { Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient } from 'kysely'
import type pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import type { Db } from '../database/database.ts'
import { findMigrated, tablesLock } from '../database/migrate.ts'
import type { DB } from '../database/schema.ts'
import { BackupError } from './backup-error.ts'
import type { Entry, Header, Part, Totals } from './format.ts'
import { newestFormat } from './format.ts'
import { copyJobsOut } from './jobs.ts'
import { countPart } from './part-totals.ts'
import { nameOfPart } from './read-backup.ts'
import { copyOut, copySettings, findTables, type OnProgress, quote } from './tables.ts'

/** Held by whoever makes a backup of this database, on the connection it uses. */
export const backupLock = 7_205_010

/** The whole database as it is at one moment, whatever others write. */
export interface Snapshot {
  readonly header: Header
  /** Reads the same moment; not while `entries` is at a table. */
  readonly db: Db
  readonly client: pg.Client
  /** Ends the snapshot, so that the server may forget old rows, and others migrate; that a backup is being made still holds. */
  letGo(): Promise<void>
  /** Ends its connection too. */
  close(): Promise<void>
}

/**
 * Opens a snapshot on a connection of its own. Migrations wait until it is closed.
 * @param options.at when it is, for the header
 * @throws {BackupError} where another backup of this database is being made, or the database is not Lectern's
 */
export async function openSnapshot(options: { client: pg.Client; at: Date }): Promise<Snapshot> {
  const { client, at } = options
  try {
    const { rows } = await client.query<{ free: boolean }>('select pg_try_advisory_lock($1) as free', [
      backupLock,
    ])
    if (!rows[0]?.free) throw new BackupError('Another backup of this database is being made.')
    await client.query('select pg_advisory_lock_shared($1)', [tablesLock])
    await client.query(`begin transaction isolation level repeatable read read only; ${copySettings}`)
    const migrations = await findMigrated(client)
    if (migrations.length === 0) throw new BackupError('There is no school in this database.')
    const tables = await findTables(client)
    // Held to the end, so that no table changes its shape before it is copied.
    await client.query(
      `lock table ${tables.map(({ name }) => `public.${quote(name)}`).join(', ')} in access share mode`,
    )
    const server = await client.query<{ version: string }>(
      `select current_setting('server_version') as version`,
    )
    const header: Header = {
      lectern: 'backup',
      format: newestFormat,
      createdAt: at.toISOString(),
      migrations,
      postgres: server.rows[0]?.version ?? '',
    }
    return {
      header,
      db: readingOn(client),
      client,
      async letGo() {
        await client.query('commit')
        await client.query('select pg_advisory_unlock_shared($1)', [tablesLock])
      },
      close: () => client.end(),
    }
  } catch (error) {
    await client.end()
    throw error
  }
}

/** All rows, jobs and sequences of a snapshot. @param onProgress hears of each piece that was read */
export async function* readDatabase({ client }: Snapshot, onProgress: OnProgress): AsyncGenerator<Entry> {
  for (const table of await findTables(client)) {
    const { name, columns } = table
    yield* copyPart(client, { part: 'table', name, columns }, copyOut(table), onProgress)
  }
  yield* copyPart(client, { part: 'jobs' }, copyJobsOut, onProgress)
  // Last: a sequence belongs to no snapshot, and may be ahead of the rows but never behind them.
  const { rows } = await client.query<{ name: string; last: string }>(
    `select sequencename as name, last_value::text as last from pg_sequences
     where schemaname = 'public' and last_value is not null order by 1`,
  )
  yield { kind: 'sequences', sequences: rows }
}

/** What each table and the queue come to, by the names that `checkBackup` gives them. */
export async function* hashDatabase(snapshot: Snapshot): AsyncGenerator<[name: string, totals: Totals]> {
  let name = ''
  for await (const entry of readDatabase(snapshot, () => undefined)) {
    if (entry.kind === 'begin') name = nameOfPart(entry.part)
    else if (entry.kind === 'end') yield [name, entry.totals]
  }
}

async function* copyPart(
  client: pg.Client,
  part: Part,
  statement: string,
  onProgress: OnProgress,
): AsyncGenerator<Entry> {
  yield { kind: 'begin', part }
  const counted = countPart()
  const rows = client.query(copyTo(statement))
  for await (const bytes of rows as AsyncIterable<Buffer>) {
    counted.add(bytes)
    onProgress({ name: nameOfPart(part), totals: counted.sofar() })
    yield { kind: 'data', bytes }
  }
  yield { kind: 'end', totals: counted.totals() }
}

/** The modules read by Kysely; this is Kysely on the one connection whose transaction is the snapshot. */
function readingOn(client: pg.Client): Db {
  const query = (text: string, values: readonly unknown[]) => client.query({ text, values: [...values] })
  const lent: PostgresPoolClient = {
    query: query as unknown as PostgresPoolClient['query'],
    release: () => undefined,
    processID: 0,
  }
  const pool: PostgresPool = { options: {}, connect: async () => lent, end: async () => undefined }
  return new Kysely<DB>({ dialect: new PostgresDialect({ pool }) })
}
