import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import pg from 'pg'
import type { Log } from '../log.ts'
import type { Database, Tx } from './database.ts'

/**
 * Short messages to every node, sent by a transaction's commit and by nothing else (PostgreSQL documentation, NOTIFY).
 * They are how in-process memory (revoked sessions, who a bearer is) is kept exact without asking the database each time.
 */
export interface Signals {
  /** False while the listening connection is lost: what a signal would have told must then be asked of the database. */
  connected(): boolean
  /**
   * @param hear gets the text of each signal of the topic. Of a transaction of this process it is called twice: when it has committed
   * and before its `transact` resolves, and with all other processes
   */
  on(topic: string, hear: (text: string) => void): void
  /** Sends one that belongs to no transaction, over the listening connection. @throws while that is lost */
  tell(topic: string, text: string): Promise<void>
  /** Called after each (re)connection, before `connected()` turns true: what was missed is read again here. */
  onConnect(catchUp: () => Promise<void>): Promise<void>
  close(): Promise<void>
}

const channel = 'lectern_signals'
const retryMs = 1_000
const pulseMs = 5_000
const patienceMs = 3_000

/** Sends a signal with the commit of `tx`. Texts are short: NOTIFY takes 8,000 bytes at most. Triggers send theirs the same way. */
export async function signal(tx: Tx, topic: string, text: string): Promise<void> {
  await sql`select send_signal(${topic}, ${text})`.execute(tx)
}

/**
 * Listens on a connection of its own, for as long as the process lives.
 * @param options.own what this process writes by
 * @throws where the connection hears nothing, not even itself
 */
export async function openSignals(options: {
  url: string
  log: Log
  own: Pick<Database, 'onOwnSignal'>
}): Promise<Signals> {
  const { url, log, own } = options
  const hearers = new Map<string, ((text: string) => void)[]>()
  const catchUps: (() => Promise<void>)[] = []
  let client: pg.Client | null = null
  let connected = false
  let closed = false
  let timer: NodeJS.Timeout | undefined
  /** By which this process hears itself. */
  const echo = `lectern_echo_${randomUUID().replaceAll('-', '')}`
  let echoes = 0

  function hear(told: string): void {
    const [topic, text] = JSON.parse(told) as [string, string]
    for (const hear of hearers.get(topic) ?? []) hear(text)
  }

  async function connect(): Promise<void> {
    const next = new pg.Client({
      connectionString: url,
      application_name: 'lectern signals',
      query_timeout: patienceMs,
    })
    client = next
    next.on('error', (error) => log.warn({ err: error }, 'the listening database connection failed'))
    next.on('end', () => lost(next))
    next.on('notification', ({ channel: on, payload }) => {
      if (on === echo) echoes++
      else hear(payload ?? '["",""]')
    })
    await next.connect()
    await next.query(`listen ${channel}; listen ${echo}`)
    await requireEcho(next)
    for (const catchUp of catchUps) await catchUp()
    connected = true
  }

  /** What a connection says to itself comes before the answer (PostgreSQL, src/backend/tcop/postgres.c, PostgresMain). */
  async function requireEcho(asked: pg.Client): Promise<void> {
    const before = echoes
    await asked.query(`notify ${echo}`)
    if (echoes === before)
      throw new Error(
        'no signal arrives: LISTEN needs a session of its own, so DATABASE_URL must not lead through a pooler that lends sessions by the transaction',
      )
  }

  function lost(which: pg.Client): void {
    if (which !== client) return
    connected = false
    if (!closed) timer = setTimeout(reconnect, retryMs)
  }

  function reconnect(): void {
    connect().catch((error) => {
      log.warn({ err: error }, 'could not listen for signals; trying again')
      client?.end().catch(() => undefined)
      client = null
      if (!closed) timer = setTimeout(reconnect, retryMs)
    })
  }

  own.onOwnSignal(hear)
  await connect().catch(async (error) => {
    closed = true
    await client?.end()
    throw error
  })
  // A connection can die without a word (a cable, a firewall), or be open and hear nothing (a pooler): it is given up.
  const pulse = setInterval(() => {
    const asked = client
    if (!connected || !asked) return
    requireEcho(asked).catch((error) => {
      log.warn({ err: error }, 'the listening database connection hears nothing; making another')
      asked.connection.stream.destroy()
    })
  }, pulseMs)
  return {
    connected: () => connected,
    on(topic, hear) {
      hearers.set(topic, [...(hearers.get(topic) ?? []), hear])
    },
    async tell(topic, text) {
      if (!connected || !client) throw new Error('the listening database connection is lost')
      await client.query('select pg_notify($1, $2)', [channel, JSON.stringify([topic, text])])
    },
    async onConnect(catchUp) {
      catchUps.push(catchUp)
      await catchUp()
    },
    async close() {
      closed = true
      clearTimeout(timer)
      clearInterval(pulse)
      await client?.end()
    },
  }
}
