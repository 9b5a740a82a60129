import { type AddressInfo, connect, createServer } from 'node:net'
import { sql } from 'kysely'
import { type Logger, pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import { type Database, openDatabase } from './database.ts'
import { openSignals, signal } from './signals.ts'

let world: World
let database: Database
let lines: Record<string, unknown>[]

beforeAll(async () => {
  world = await createWorld()
  lines = []
  const log: Logger = pino({ level: 'warn' }, { write: (line) => void lines.push(JSON.parse(line)) })
  database = openDatabase({ url: world.databaseUrl, size: 4, slowMs: 50, log })
  await world.database.pool.query('create table counters (id int primary key, n int not null)')
  await world.database.pool.query('insert into counters values (1, 0), (2, 0)')
})
afterAll(async () => {
  await database.close()
  await world.close()
})

describe('the database client', () => {
  it('prepares a statement once per connection, under a name made of its text', async () => {
    const one = openDatabase({ url: world.databaseUrl, size: 1, slowMs: 60_000, log: world.deps.log })
    for (const id of ['a', 'b', 'c'])
      await one.db.selectFrom('users').select('id').where('email', '=', id).execute()
    const { rows } = await sql<{ name: string; statement: string; calls: number }>`
      select name, statement, generic_plans + custom_plans as calls from pg_prepared_statements`.execute(
      one.db,
    )
    const users = rows.filter(({ statement }) => statement.includes('"users"'))
    expect(users).toMatchObject([{ name: expect.stringMatching(/^[\w-]{27}$/), calls: 3 }])
    await one.close()
  })

  it('logs a statement that is slow, with its text and without its values', async () => {
    await sql`select pg_sleep(0.06), ${'a secret'}::text`.execute(database.db)
    const slow = lines.filter(({ msg }) => msg === 'slow statement')
    expect(slow).toMatchObject([{ sql: expect.stringContaining('pg_sleep'), ms: expect.any(Number) }])
    expect(JSON.stringify(slow)).not.toContain('a secret')
  })

  it('runs a transaction again that lost to a deadlock: both are done in the end', async () => {
    const { promise: bothHoldOne, resolve } = Promise.withResolvers<void>()
    let holding = 0
    const add = (first: number, second: number) =>
      database.transact(async (tx) => {
        await sql`update counters set n = n + 1 where id = ${first}`.execute(tx)
        holding++
        if (holding === 2) resolve()
        await bothHoldOne
        await sql`update counters set n = n + 1 where id = ${second}`.execute(tx)
      })
    await Promise.all([add(1, 2), add(2, 1)])
    const { rows } = await world.database.pool.query('select n from counters order by id')
    expect(rows).toEqual([{ n: 2 }, { n: 2 }])
  })

  it('survives the loss of its connections', async () => {
    await sql`select 1`.execute(database.db)
    await world.database.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
    )
    await vi.waitFor(() => sql`select 1`.execute(database.db), { timeout: 5_000 })
  })
})

describe('signals', () => {
  it('arrive with the commit and with nothing else', async () => {
    const signals = await openSignals({ url: world.databaseUrl, log: world.deps.log, own: database })
    const heard: string[] = []
    signals.on('bell', (text) => heard.push(text))
    await expect(
      database.transact(async (tx) => {
        await signal(tx, 'bell', 'rolled back')
        throw new Error('no')
      }),
    ).rejects.toThrow('no')
    await database.transact((tx) => signal(tx, 'bell', 'committed'))
    expect(heard).toContain('committed')
    await vi.waitFor(() => expect(heard).toEqual(['committed', 'committed']), 10_000)
    await signals.close()
  })

  it('reach their own process before the commit is answered, also those from before a savepoint, and none of one that failed', async () => {
    const heard: string[] = []
    const hear = (told: string) => heard.push(told)
    database.onOwnSignal(hear)
    await database.transact(async (tx) => {
      await signal(tx, 'bell', 'kept')
      await sql`savepoint here`.execute(tx)
      await expect(sql`select 1 / 0`.execute(tx)).rejects.toThrow()
      await sql`rollback to savepoint here`.execute(tx)
    })
    expect(heard).toEqual(['["bell", "kept"]'])
    const failed = database.transact(async (tx) => {
      await signal(tx, 'bell', 'lost')
      await sql`select 1 / 0`.execute(tx).catch(() => undefined)
    })
    await expect(failed).rejects.toThrow()
    expect(heard).toEqual(['["bell", "kept"]'])
  })

  it('are not listened for on a connection that hears nothing, such as one of a pooler', async () => {
    const deaf = await deafProxy(world.databaseUrl)
    const opening = openSignals({ url: deaf.url, log: world.deps.log, own: database })
    await expect(opening).rejects.toThrow('no signal arrives')
    await deaf.close()
  })

  it('are known to be missing while the connection is lost; what was missed is caught up on before they are there again', async () => {
    const signals = await openSignals({ url: world.databaseUrl, log: world.deps.log, own: database })
    let caughtUp = 0
    await signals.onConnect(async () => {
      caughtUp++
    })
    expect({ caughtUp, connected: signals.connected() }).toEqual({ caughtUp: 1, connected: true })
    await world.database.pool.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'lectern signals'",
    )
    await vi.waitFor(() => expect(signals.connected()).toBe(false), 10_000)
    await vi.waitFor(
      () => expect({ caughtUp, connected: signals.connected() }).toEqual({ caughtUp: 2, connected: true }),
      {
        timeout: 10_000,
      },
    )
    await signals.close()
  })
})

/** Hands on all that the server says but its notifications. */
async function deafProxy(url: string): Promise<{ url: string; close(): Promise<void> }> {
  const { hostname, port } = new URL(url)
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname)
    client.pipe(upstream)
    let held: Buffer = Buffer.alloc(0)
    upstream.on('data', (bytes: Buffer) => {
      held = Buffer.concat([held, bytes])
      // PostgreSQL documentation, message formats: a letter, then the length of what follows the letter.
      while (held.length >= 5 && held.length > held.readUInt32BE(1)) {
        const message = held.subarray(0, 1 + held.readUInt32BE(1))
        if (message.toString('latin1', 0, 1) !== 'A') client.write(message)
        held = held.subarray(message.length)
      }
    })
    client.on('close', () => upstream.destroy()).on('error', () => undefined)
    upstream.on('close', () => client.destroy()).on('error', () => undefined)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const through = new URL(url)
  through.hostname = '127.0.0.1'
  through.port = String((server.address() as AddressInfo).port)
  return { url: through.href, close: () => new Promise((resolve) => server.close(() => resolve())) }
}
