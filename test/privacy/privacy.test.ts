import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorld, type World } from '../support/world.ts'
import { type Column, describeColumns, readColumns } from './columns.ts'
import { type Life, liveALife } from './life.ts'
import { type Mark, markLife } from './marks.ts'

let world: World
let columns: readonly Column[]
let life: Life
let marks: readonly Mark[]
let archive: string

beforeAll(async () => {
  world = await createWorld()
  columns = await readColumns(world.database.pool)
  life = await liveALife(world)
  marks = await markLife(world, life, columns)
}, 120_000)
afterAll(() => world.close())

const nameOf = ({ table, name }: Column) => `${table}.${name}`

describe('every column', () => {
  it('says what it holds of people, whether it is exported and whether it is erased', () => {
    expect(columns.length).toBeGreaterThan(400)
  })

  it('fails where one does not, and names it', async () => {
    const { pool } = world.database
    await pool.query('create table hobbies (user_id uuid, hobby text)')
    await pool.query(`comment on column hobbies.user_id is 'person; exported; erased'`)
    await pool.query(`comment on column hobbies.hobby is 'personal; exported'`)
    await expect(readColumns(pool)).rejects.toThrow(
      /^hobbies\.hobby: its migration does not say[^\n]*\n.*add-a-migration/,
    )
    await pool.query('drop table hobbies')
  })
})

describe('the archive of a person', () => {
  beforeAll(async () => {
    const { status, body } = await world.client.as(life.person.accessToken).get('/api/users/me/export')
    expect(status).toBe(200)
    archive = JSON.stringify(body)
  })

  it('has a row to look for in every table that holds something of somebody', () => {
    const tables = new Set(columns.filter((column) => column.holds === 'personal').map(({ table }) => table))
    expect([...tables].filter((table) => !marks.some((mark) => mark.column.table === table))).toEqual([])
  })

  it('has every value that is said to be exported', () => {
    const missing = marks.filter(
      ({ column, shown }) => column.notExported === null && !archive.includes(shown),
    )
    expect(missing.map(({ column, shown }) => `${nameOf(column)} ${shown}`)).toEqual([])
  })

  it('has no secret', () => {
    const told = marks.filter(({ column, shown }) => column.holds === 'secret' && archive.includes(shown))
    expect(told.map(({ column }) => nameOf(column))).toEqual([])
  })
})

describe('the deletion of an account', () => {
  beforeAll(async () => {
    const { accessToken, password } = life.person
    const { status } = await world.client.as(accessToken).delete('/api/users/me', { password })
    expect(status).toBe(204)
    await world.drain()
    // What goes later goes with the daily work.
    world.clock.advance({ days: 31 })
    for (const job of ['accounts.clean-up', 'operations.clean-up', 'media.clean-up', 'webhooks.clean-up'])
      await world.database.pool.query('select graphile_worker.add_job($1)', [job])
    await world.drain()
  }, 60_000)

  it('leaves none of the values that are said to be erased anywhere in the database', async () => {
    const gone = marks.filter(({ column, text }) => text && column.kept === null).map(({ shown }) => shown)
    const kept = new Set(marks.filter(({ column }) => column.kept !== null).map(({ shown }) => shown))
    const left = await findAnywhere([...life.words, ...gone].filter((value) => !kept.has(value)))
    expect(left).toEqual([])
  })

  it('leaves the ids of the person only where they are said to be kept', async () => {
    const left: string[] = []
    for (const column of columns.filter((one) => one.holds === 'person' && one.kept === null)) {
      const { rows } = await world.database.pool.query(
        `select count(*)::int as n from ${column.table} where ${column.name}::text like '%' || $1 || '%'`,
        [life.person.id],
      )
      if (rows[0].n > 0) left.push(nameOf(column))
    }
    expect(left).toEqual([])
  })

  it('keeps what is said to be kept', async () => {
    const { rows } = await world.database.pool.query(
      `select (select count(*)::int from payments where user_id = $1) as payments,
         (select count(*)::int from certificates where user_id = $1) as certificates,
         (select count(*)::int from events where user_id = $1 and audited) as audited`,
      [life.person.id],
    )
    expect(rows[0]).toEqual({ payments: 3, certificates: 2, audited: expect.any(Number) })
    expect(rows[0].audited).toBeGreaterThan(0)
  })
})

/** In which tables, of ours and of the job queue, which of these texts are still. */
async function findAnywhere(values: readonly string[]): Promise<string[]> {
  const { pool } = world.database
  const { rows: tables } = await pool.query(
    `select schemaname || '.' || quote_ident(tablename) as name from pg_tables
     where schemaname in ('public', 'graphile_worker')`,
  )
  const found: string[] = []
  for (const { name } of tables) {
    const { rows } = await pool.query(
      `select distinct value from unnest($1::text[]) as value, ${name} as held
       where position(value in held::text) > 0`,
      [values],
    )
    found.push(...rows.map(({ value }) => `${name}: ${value}`))
  }
  return found
}

it('what is held of people is in docs/privacy.md as the columns say it', async () => {
  const text = await readFile(join(import.meta.dirname, '../../docs/privacy.md'), 'utf8')
  expect(text).toContain(describeColumns(columns))
})
