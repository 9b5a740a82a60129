import { sql } from 'kysely'
import type pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import { type Database, openDatabase, sqlState, type Tx } from './database.ts'
import { answerNotRead } from './statements.ts'
import { hold, sendTogether } from './trips.ts'

let world: World
let database: Database
let trips = 0

beforeAll(async () => {
  world = await createWorld()
  await world.database.pool.query('create table notes (id int primary key, text text)')
  database = openDatabase({ url: world.databaseUrl, size: 1, slowMs: 60_000, log: world.deps.log })
  database.pool.on('connect', (client) => {
    const { connection } = client as unknown as { connection: NodeJS.EventEmitter }
    connection.on('readyForQuery', () => trips++)
  })
  // What is prepared on the connection by now can wait for others.
  await database.transact((tx) => write(tx, 0))
})
afterAll(async () => {
  await database.close()
  await world.close()
})
beforeEach(async () => {
  await world.database.pool.query('delete from notes')
  trips = 0
})

const write = (tx: Tx, id: number) =>
  sql`insert into notes (id, text) values (${id}, 'written') ${answerNotRead}`.execute(tx)
const read = (tx: Tx) =>
  sql<{ id: number }>`select id from notes where id > ${-1} order by id`.execute(tx).then(({ rows }) => rows)
const written = async () => (await world.database.pool.query('select id from notes order by id')).rows

describe('a transaction', () => {
  it('takes a round trip for each answer that is read, and one for the COMMIT', async () => {
    await database.transact(read)
    trips = 0
    const seen = await database.transact(async (tx) => {
      await write(tx, 1)
      await write(tx, 2)
      const rows = await read(tx)
      await write(tx, 3)
      return rows
    })
    expect({ trips, seen }).toEqual({ trips: 2, seen: [{ id: 1 }, { id: 2 }] })
    expect(await written()).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }])
  })
  it('that reads nothing takes one; one that does nothing, or is refused before it did anything, none', async () => {
    await database.transact((tx) => write(tx, 1))
    expect(trips).toBe(1)
    await database.transact(async () => undefined)
    const refused = database.transact(async (tx) => {
      await write(tx, 2)
      throw new Error('no')
    })
    await expect(refused).rejects.toThrow('no')
    expect(trips).toBe(1)
    expect(await written()).toEqual([{ id: 1 }])
  })
  it('is rolled back with what was sent and what was not', async () => {
    const refused = database.transact(async (tx) => {
      await write(tx, 1)
      await read(tx)
      await write(tx, 2)
      throw new Error('no')
    })
    await expect(refused).rejects.toThrow('no')
    expect(await written()).toEqual([])
  })
  it('may hold texts of several statements and without values, in their order', async () => {
    const seen = await database.transact(async (tx) => {
      await write(tx, 1)
      await sql`update notes set text = 'changed'; update notes set id = id + 10`.execute(tx)
      await write(tx, 2)
      return sql<{ id: number }>`select id from notes order by id`.execute(tx)
    })
    expect(seen.rows).toEqual([{ id: 2 }, { id: 11 }])
  })
  it('fails with the error of what nobody read the answer of, and has done nothing; the connection goes on', async () => {
    const failing = (last: (tx: Tx) => Promise<unknown>) =>
      database
        .transact(async (tx) => {
          await write(tx, 1)
          await write(tx, 1)
          await last(tx)
        })
        .catch(sqlState)
    expect(await failing(async () => undefined)).toBe('23505')
    expect(await failing(read)).toBe('23505')
    // Prepared with what failed before it, and so not at all.
    const other = (tx: Tx) => sql`select text from notes where id = ${1}`.execute(tx)
    expect(await failing(other)).toBe('23505')
    await database.transact(other)
    expect(await written()).toEqual([])
  })
  it('is not begun for what comes after it on the same connection', async () => {
    await database.transact(async (tx) => {
      await write(tx, 1)
    })
    await write(database.db as Tx, 2)
    expect(await written()).toEqual([{ id: 1 }, { id: 2 }])
  })
})

it('what comes after something that failed is not done, were it no transaction', async () => {
  const client: pg.PoolClient = await database.pool.connect()
  const divide = { name: 'divide', text: 'select 1 / $1::int', values: [1] }
  await client.query(divide)
  const held = hold(client, { ...divide, values: [0] })
  const insert = { text: 'insert into notes (id) values ($1)', values: [1] }
  await expect(sendTogether(client, held ? [held] : [], insert)).rejects.toThrow('division by zero')
  client.release()
  expect(await written()).toEqual([])
})
