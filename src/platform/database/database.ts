import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely'
import pg from 'pg'
import type { Log } from '../log.ts'
import { readTogetherOn } from './gather-reads.ts'
import { readMoment } from './moments.ts'
import { collectOwnSignals } from './own-signals.ts'
import { type Patience, usualPatience } from './patience.ts'
import { queueFor } from './queue.ts'
import type { DB } from './schema.ts'
import { watchSilence } from './silence.ts'
import { nameStatements } from './statements.ts'

/** A handle for reading. A transaction is one too; writing statements do not compile on it. */
export type Db = Pick<Kysely<DB>, 'selectFrom' | 'selectNoFrom' | 'fn' | 'case' | 'dynamic' | 'getExecutor'>

/** A handle for writing: only the edge (route, job, subscriber) opens one, by `transact`. */
export type Tx = Transaction<DB>

/** Opens a transaction, commits when `work` resolves and rolls back when it throws. */
export type Transact = <T>(work: (tx: Tx) => Promise<T>) => Promise<T>

/** Opens a connection that is the caller's alone, beside the pool: for work that takes long, such as COPY. Whoever asks for it ends it. */
export type Connect = () => Promise<pg.Client>

export interface Database {
  readonly db: Db
  readonly transact: Transact
  readonly pool: pg.Pool
  readonly connect: Connect
  /** Calls back with each signal that a transaction of this process sent, when it has committed and before `transact` resolves. */
  onOwnSignal(hear: (told: string) => void): void
  /** Calls back when a transaction of this process that left facts to be handed on has committed. */
  onFacts(hear: () => void): void
  close(): Promise<void>
}

// int8 is used for counts and money, both far below 2^53; numeric for averages.
const types = { ...pg.types, getTypeParser: parserOf } as typeof pg.types
function parserOf(oid: number, format?: 'text' | 'binary') {
  if (oid === 20 || oid === 1700) return Number
  if (oid === pg.types.builtins.TIMESTAMPTZ && format !== 'binary') return readMoment
  return pg.types.getTypeParser(oid, format as 'text')
}

const serializationFailure = '40001'
const deadlockDetected = '40P01'

/**
 * Connects to PostgreSQL.
 * @param options.url a `postgres://` address
 * @param options.size the most connections this process opens
 * @param options.slowMs statements that take at least this many milliseconds are logged with their text
 * @param options.onStatement called for every statement with its text and its milliseconds (metrics, tests)
 * @param options.patience how long is waited for it, if not as usual
 */
export function openDatabase(options: {
  url: string
  size: number
  slowMs: number
  log: Log
  /** What the server calls these connections. */
  name?: string
  onStatement?: (text: string, milliseconds: number) => void
  patience?: Patience
}): Database {
  const { log, slowMs, onStatement, patience = usualPatience } = options
  const watch = watchSilence({ url: options.url, silentMs: patience.silentMs, log })
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.size,
    types,
    application_name: options.name ?? 'lectern',
    connectionTimeoutMillis: patience.connectionMs,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    onConnect: async (client) => {
      await limitWaits(client, patience)
      await watch(client)
    },
  })
  surviveLostConnections(pool, log)
  const hearers: ((told: string) => void)[] = []
  pool.on('connect', (client) =>
    collectOwnSignals(client, (told) => {
      for (const hear of hearers) hear(told)
    }),
  )
  const take = queueFor(pool, patience.queueMs, log)
  const note = (text: string, milliseconds: number) => {
    onStatement?.(text, milliseconds)
    if (milliseconds >= slowMs) log.warn({ ms: Math.round(milliseconds), sql: text }, 'slow statement')
  }
  const factHearers: (() => void)[] = []
  const tellFacts = () => {
    for (const hear of factHearers) hear()
  }
  const kysely = new Kysely<DB>({
    dialect: new PostgresDialect({ pool: nameStatements(pool, take, tellFacts) }),
    log: ({ query, queryDurationMillis }) => note(query.sql, queryDurationMillis),
  })
  readTogetherOn(kysely.getExecutor(), { pool, take, note })
  return {
    db: kysely,
    pool,
    connect: () => connect(options.url, log),
    transact: (work) => transactOn(kysely, work),
    onOwnSignal: (hear) => void hearers.push(hear),
    onFacts: (hear) => void factHearers.push(hear),
    close: () => kysely.destroy().then(() => (pool.ended ? undefined : pool.end())),
  }
}

/** For the session, as poolers take it; not among what a connection begins with, where some refuse what they do not know. */
async function limitWaits(client: pg.ClientBase, { lockMs, statementMs, idleMs }: Patience): Promise<void> {
  await client.query(
    `set lock_timeout = ${lockMs}; set statement_timeout = ${statementMs}; set idle_in_transaction_session_timeout = ${idleMs}`,
  )
}

async function connect(url: string, log: Log): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    types,
    application_name: 'lectern copy',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  })
  client.on('error', (error) => log.warn({ err: error }, 'a database connection was lost'))
  await client.connect()
  return client
}

/** A connection that breaks while nobody waits for it emits an error that would otherwise end the process. */
export function surviveLostConnections(pool: pg.Pool, log: Log): void {
  const tell = (error: Error) => log.warn({ err: error }, 'a database connection was lost')
  pool.on('error', tell)
  pool.on('connect', (client) => client.on('error', tell))
}

/** A transaction that lost a race (serialization failure, deadlock) has changed nothing and is run again, twice at most. */
async function transactOn<T>(kysely: Kysely<DB>, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await kysely.transaction().execute(work)
    } catch (error) {
      const code = sqlState(error)
      if (attempt === 3 || (code !== serializationFailure && code !== deadlockDetected)) throw error
    }
  }
}

/** For jobs that read a whole school: the statements of a transaction take as long as they take. */
export function withoutHurry(transact: Transact): Transact {
  return (work) =>
    transact(async (tx) => {
      await sql`set local statement_timeout = 0`.execute(tx)
      return work(tx)
    })
}

/** The SQLSTATE of a database error (PostgreSQL, appendix A), or null for any other error. */
export function sqlState(error: unknown): string | null {
  return error instanceof pg.DatabaseError ? (error.code ?? null) : null
}

/** The name of the constraint a database error tells of, or null. */
export function brokenConstraint(error: unknown): string | null {
  return error instanceof pg.DatabaseError ? (error.constraint ?? null) : null
}
