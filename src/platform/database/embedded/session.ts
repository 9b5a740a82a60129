import pg from 'pg'
import { superuser } from './cluster.ts'

// Two advisory locks, in the database `postgres`, which the application does not use.
const lockClass = 7_205_100
const users = 1
const serving = 2

/** This process's own connection: it holds the locks that tell other processes that the server is in use. */
export interface Session {
  readonly client: pg.Client
  /** Resolves when the connection has ended, by whichever side. */
  readonly ended: Promise<void>
}

/** Connects with the password, which the server proves to know too (SCRAM-SHA-256, RFC 5802). */
export async function connect(port: number, password: string): Promise<Session> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    user: superuser,
    password,
    database: 'postgres',
    ssl: false,
    application_name: `lectern:${process.pid}`,
    connectionTimeoutMillis: 5_000,
  })
  client.on('error', () => {}) // told by `ended`
  const ended = new Promise<void>((resolve) => client.once('end', resolve))
  await client.connect()
  return { client, ended }
}

/** Says that this process uses the server. Call it in turn, so that nobody is about to stop it. */
export async function useServer({ client }: Session): Promise<void> {
  await client.query('select pg_advisory_lock_shared($1, $2)', [lockClass, users])
}

/** Whether no other process uses the server. Call it in turn, and stop the server or end the session after it. */
export async function isLastUser({ client }: Session): Promise<boolean> {
  // A session's own locks do not stand in its way.
  const { rows } = await client.query('select pg_try_advisory_lock($1, $2) as alone', [lockClass, users])
  return rows[0]?.alone === true
}

/**
 * Tries to become the one process that serves this data.
 * @returns null on success, otherwise the process that does, if it tells
 */
export async function tryServe({ client }: Session): Promise<null | { pid: number | null }> {
  const { rows } = await client.query('select pg_try_advisory_lock($1, $2) as mine', [lockClass, serving])
  if (rows[0]?.mine === true) return null
  const holders = await client.query(
    `select application_name as name from pg_locks join pg_stat_activity using (pid)
     where locktype = 'advisory' and classid = $1 and objid = $2 and granted`,
    [lockClass, serving],
  )
  return { pid: Number.parseInt(String(holders.rows[0]?.name ?? '').replace('lectern:', ''), 10) || null }
}

export async function ensureDatabase({ client }: Session, name: string): Promise<void> {
  const { rowCount } = await client.query('select from pg_database where datname = $1', [name])
  if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`)
}
