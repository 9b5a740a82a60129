import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest'
import { databaseUrl } from '../../../test/support/postgres.ts'
import { newId } from '../ids.ts'
import { createLog } from '../log.ts'
import { migrate } from './migrate.ts'

const log = createLog('silent')
let folder: string
let url: string
let client: pg.Client

beforeEach(async () => {
  const server = inject('postgresUrl')
  const name = `migrate_${newId().replaceAll('-', '')}`
  const admin = new pg.Client({ connectionString: server })
  await admin.connect()
  await admin.query(`create database ${name}`)
  await admin.end()
  url = databaseUrl(server, name)
  client = new pg.Client({ connectionString: url })
  await client.connect()
  folder = await mkdtemp(join(tmpdir(), 'lectern-migrations-'))
})
afterEach(async () => {
  await client.end()
  await rm(folder, { recursive: true })
})

const write = (name: string, text: string) => writeFile(join(folder, name), text)
const run = () => migrate({ url, folder, log })

describe('migrations', () => {
  it('are applied in the order of their numbers, once', async () => {
    await write('0002_b.sql', 'alter table a add column b int;')
    await write('0001_a.sql', 'create table a (id int); insert into a values (1);')
    expect(await run()).toEqual(['0001_a', '0002_b'])
    expect(await run()).toEqual([])
    await write('0003_c.sql', 'drop table a;')
    expect(await run()).toEqual(['0003_c'])
  })

  it('refuse an applied file that was edited, and change nothing', async () => {
    await write('0001_a.sql', 'create table a (id int);')
    await run()
    await write('0001_a.sql', 'create table a (id bigint);')
    await write('0002_b.sql', 'create table b (id int);')
    await expect(run()).rejects.toThrow(/0001_a was edited/)
    expect((await client.query("select to_regclass('b') as b")).rows[0].b).toBeNull()
  })

  it('refuse a database that is newer than the program', async () => {
    await write('0001_a.sql', 'create table a (id int);')
    await run()
    await rm(join(folder, '0001_a.sql'))
    await expect(run()).rejects.toThrow(/0001_a, which this version of Lectern does not know/)
  })

  it('leave nothing of one that fails, nor of those before it in the same run', async () => {
    await write('0001_a.sql', 'create table a (id int);')
    await write('0002_b.sql', 'create table b (id int); select 1/0;')
    await expect(run()).rejects.toThrow(/0002_b failed; nothing was changed/)
    expect((await client.query("select to_regclass('a') as a, to_regclass('b') as b")).rows).toEqual([
      { a: null, b: null },
    ])
  })

  it('may be started by many nodes at once: one applies them', async () => {
    await write('0001_a.sql', 'create table a (id int); select pg_sleep(0.1);')
    const results = await Promise.all([run(), run(), run(), run()])
    expect(results.flat()).toEqual(['0001_a'])
  })
})
