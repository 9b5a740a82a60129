import { sql } from 'kysely'
import type pg from 'pg'
import { type Logger, pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { type Held, hold } from '../../../test/support/hold.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { type Database, openDatabase, sqlState } from './database.ts'
import { usualPatience } from './patience.ts'
import { prepareRead } from './prepared.ts'

let world: World
let database: Database
let clients: pg.PoolClient[]
let lock: Held | undefined
/** How often the client waited for the server. */
let trips = 0
const heard: string[] = []
const lines: Record<string, unknown>[] = []

const readNote = prepareRead<{ id: number }, { id: number; text: string }>(
  ({ id }) => sql`select id, text from notes where id = ${id}`,
)
const readNumber = prepareRead<{ id: number }, { id: number }>(
  ({ id }) => sql`select id from numbers where id = ${id}`,
)
const divide = prepareRead<{ by: number }, { quotient: number }>(
  ({ by }) => sql`select 12 / ${by}::int as quotient`,
)
const sleep = prepareRead<{ seconds: number }, unknown>(({ seconds }) => sql`select pg_sleep(${seconds})`)

beforeAll(async () => {
  world = await createWorld()
  await world.database.pool.query(
    'create table numbers (id int); create table notes (id int primary key, text text)',
  )
  await world.database.pool.query('insert into numbers select generate_series(0, 9)')
})
afterAll(() => world.close())

beforeEach(async () => {
  await world.database.pool.query('truncate notes')
  await world.database.pool.query(`insert into notes select n, 'of ' || n from generate_series(0, 299) n`)
  const log: Logger = pino({ level: 'warn' }, { write: (line) => void lines.push(JSON.parse(line)) })
  const onStatement = (text: string) => void heard.push(text)
  const patience = { ...usualPatience, connectionMs: 30_000, queueMs: 30_000, lockMs: 30_000 }
  database = openDatabase({ url: world.databaseUrl, size: 4, slowMs: 200, log, onStatement, patience })
  clients = []
  database.pool.on('connect', (client) => {
    clients.push(client)
    const { connection } = client as unknown as { connection: NodeJS.EventEmitter }
    connection.on('readyForQuery', () => trips++)
  })
  // What is prepared on a connection goes with others there.
  await Promise.all(ids(200).flatMap((id) => [note(id), number(id), divide(database.db, { by: 1 })]))
  await sleep(database.db, { seconds: 0 })
  heard.length = 0
  lines.length = 0
  trips = 0
})
afterEach(async () => {
  await lock?.release()
  lock = undefined
  await database.close()
})

const ids = (count: number) => Array.from({ length: count }, (_, n) => n)
const note = (id: number) => readNote(database.db, { id })
const number = (id: number) => readNumber(database.db, { id })
const noteOf = (id: number) => [{ id, text: `of ${id}` }]

async function lockNotes() {
  lock = await hold(world.deps.transact, (tx) => sql`lock table notes in access exclusive mode`.execute(tx))
}

/** The connections of the server's side that wait for a lock. */
const stuck = async (many: number) => {
  const backends = `select pid from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`
  return vi.waitFor(async () => {
    const { rows } = await world.database.pool.query<{ pid: number }>(backends)
    expect(rows).toHaveLength(many)
    return rows.map(({ pid }) => pid)
  }, 10_000)
}

it('those that are asked at the same moment get each its own rows, in few trips', async () => {
  const asked = ids(300).flatMap((id) => [note(id), number(id)])
  const expected = ids(300).flatMap((id) => [noteOf(id), id < 10 ? [{ id }] : []])
  expect(await Promise.all(asked)).toEqual(expected)
  expect(trips).toBeLessThan(100)
  expect(heard).toHaveLength(600)
})

it('one that fails is nobody else’s fault, and what came after it is answered', async () => {
  const asked = ids(90).map((by) => divide(database.db, { by: by % 9 }).catch(sqlState))
  const expected = ids(90).map((by) => (by % 9 === 0 ? '22012' : [{ quotient: Math.trunc(12 / (by % 9)) }]))
  expect(await Promise.all(asked)).toEqual(expected)
})

it('one whose value cannot be sent, or whose text is wrong, fails alone', async () => {
  const endless: Record<string, unknown> = {}
  endless.self = endless
  const wrong = prepareRead<{ id: number }, unknown>(
    ({ id }) => sql`select nothing from notes where id = ${id}`,
  )
  const asked = [
    note(1),
    readNote(database.db, { id: endless as unknown as number }).catch((error) => error.constructor),
    wrong(database.db, { id: 1 }).catch(sqlState),
    wrong(database.db, { id: 2 }).catch(sqlState),
    note(2),
  ]
  expect(await Promise.all(asked)).toEqual([noteOf(1), TypeError, '42703', '42703', noteOf(2)])
})

it('each sees what was written before it was asked', async () => {
  const write = async (id: number) => {
    await database.transact((tx) => sql`update notes set text = 'mine' where id = ${id}`.execute(tx))
    return note(id)
  }
  expect(await Promise.all(ids(60).map(write))).toEqual(ids(60).map((id) => [{ id, text: 'mine' }]))
})

it('inside a transaction is part of it, and of nothing else', async () => {
  const seen = await database.transact(async (tx) => {
    await sql`update notes set text = 'changed' where id in (${1}, ${2})`.execute(tx)
    return Promise.all([readNote(tx, { id: 1 }), note(1), readNote(tx, { id: 2 }), note(2)])
  })
  const changed = (id: number) => [{ id, text: 'changed' }]
  expect(seen).toEqual([changed(1), noteOf(1), changed(2), noteOf(2)])
  const failed = database.transact(async (tx) => {
    await expect(divide(tx, { by: 0 })).rejects.toThrow('division by zero')
    // Nothing else is done in a transaction that has failed.
    return readNote(tx, { id: 1 })
  })
  expect(await failed.catch(sqlState)).toBe('25P02')
})

it('those that hang hold up no others that are asked later', async () => {
  await lockNotes()
  const hanging: Promise<unknown>[] = []
  for (const many of [1, 2]) {
    hanging.push(note(many))
    await stuck(many)
  }
  expect(await number(3)).toEqual([{ id: 3 }])
  await lock?.release()
  expect(await Promise.all(hanging)).toEqual([noteOf(1), noteOf(2)])
})

it('what was sent behind one whose time is up is asked again', async () => {
  const patience = { ...usualPatience, lockMs: 200 }
  const hasty = openDatabase({
    url: world.databaseUrl,
    size: 1,
    slowMs: 60_000,
    log: world.deps.log,
    patience,
  })
  await readNumber(hasty.db, { id: 1 })
  await readNote(hasty.db, { id: 1 })
  await lockNotes()
  const asked = [readNote(hasty.db, { id: 1 }).catch(sqlState), readNumber(hasty.db, { id: 2 })]
  expect(await Promise.all(asked)).toEqual(['55P03', [{ id: 2 }]])
  await hasty.close()
})

it.each([
  [
    '57P01',
    'the server ended',
    (pid: number) => world.database.pool.query('select pg_terminate_backend($1)', [pid]),
  ],
  [null, 'is lost', async () => clients.forEach(({ connection }) => void connection.stream.destroy())],
])('%s for all under way on a connection that %s; the next are answered', async (code, _, lose) => {
  await lockNotes()
  const asked = Promise.allSettled([note(1), number(2)])
  const [pid = 0] = await stuck(1)
  await lose(pid)
  const [first, second] = await asked
  expect([first?.status, second?.status]).toEqual(['rejected', 'rejected'])
  expect(first?.status === 'rejected' && sqlState(first.reason)).toBe(code)
  expect(await number(3)).toEqual([{ id: 3 }])
})

it('give their connection to whoever waits for one', async () => {
  const one = openDatabase({ url: world.databaseUrl, size: 1, slowMs: 60_000, log: world.deps.log })
  let asked = 0
  let isOver = false
  const again = async (): Promise<void> => {
    asked++
    await readNumber(one.db, { id: 1 })
    if (!isOver) await again()
  }
  const busy = Promise.all(ids(10).map(again))
  await vi.waitFor(() => expect(asked).toBeGreaterThan(100))
  await one.transact((tx) => sql`select 1`.execute(tx))
  isOver = true
  await busy
  await one.close()
})

it('one that is slow is told of with its text', async () => {
  await Promise.all([number(1), sleep(database.db, { seconds: 0.3 }), number(2)])
  expect(lines.map(({ msg }) => msg)).toContain('slow statement')
  expect(lines.map(({ sql }) => sql)).toContain('select pg_sleep($1)')
  expect(heard).toHaveLength(3)
})
