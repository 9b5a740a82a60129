import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Client } from '../../../test/support/http.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { newId } from '../../platform/ids.ts'
import { makePerson } from './factory.ts'

let world: World
let admins: Client

const people = [
  ['Asha Rao', 'asha.rao@school.example', 'student'],
  ['Asha Raman', 'asha2@school.example', 'student'],
  ['Priya Sharma', 'priya@school.example', 'instructor'],
  ['Rao Bahadur', 'bahadur@elsewhere.example', 'parent'],
  ['Jean-Luc Müller', 'jl@elsewhere.example', 'student'],
  ['Oluwaseun Adeyemi', 'seun@elsewhere.example', 'student'],
  ['Kim', 'kim_50%@elsewhere.example', 'student'],
] as const

beforeAll(async () => {
  world = await createWorld()
  const admin = await makePerson(world.deps, { role: 'admin', name: 'Zed', email: 'zed@zed.example' })
  admins = world.client.as(admin.accessToken)
  for (const [name, email, role] of people) {
    await world.database.pool.query(
      'insert into users (id, email, name, role, created_at, updated_at) values ($1, $2, $3, $4, now(), now())',
      [newId(), email, name, role],
    )
  }
})
afterAll(() => world.close())

async function search(query: Record<string, string>) {
  const { status, body } = await admins.get(`/api/users?${new URLSearchParams(query)}`)
  expect(status).toBe(200)
  return body.items.map((user: { name: string }) => user.name) as string[]
}

describe('GET /users?q=', () => {
  it.each([
    ['the whole name', 'Asha Rao', 'Asha Rao'],
    ['the beginning of a first name', 'pri', 'Priya Sharma'],
    ['the beginning of a last name', 'shar', 'Priya Sharma'],
    ['one letter', 'k', 'Kim'],
    ['capitals', 'PRIYA', 'Priya Sharma'],
    ['the e-mail address', 'bahadur@elsewhere.example', 'Rao Bahadur'],
    ['the beginning of the address', 'asha.rao@sch', 'Asha Rao'],
    ['the words in another order', 'sharma priya', 'Priya Sharma'],
    ['a letter left out', 'prya', 'Priya Sharma'],
    ['a letter wrong', 'sharna', 'Priya Sharma'],
    ['two letters swapped', 'ahsa', 'Asha Raman'],
    ['two letters swapped in a longer word', 'oluwasuen', 'Oluwaseun Adeyemi'],
    ['a second part of a double name', 'luc', 'Jean-Luc Müller'],
    ['an accent left out', 'muller', 'Jean-Luc Müller'],
    ['what would be a wildcard', 'kim_50%', 'Kim'],
  ])('200: %s (%s) finds %s first', async (_case, q, name) => {
    expect((await search({ q }))[0]).toBe(name)
  })
  it('200: puts a name that begins so before one with such a word, and that before a similar one', async () => {
    expect((await search({ q: 'rao' })).slice(0, 2)).toEqual(['Rao Bahadur', 'Asha Rao'])
    const asha = await search({ q: 'asha ra' })
    expect(asha.slice(0, 2).sort()).toEqual(['Asha Raman', 'Asha Rao'])
  })
  it('200: keeps to role and status', async () => {
    expect(await search({ q: 'rao', role: 'parent' })).toEqual(['Rao Bahadur'])
    expect(await search({ q: 'rao', status: 'suspended' })).toEqual([])
    expect(await search({ role: 'instructor' })).toEqual(['Priya Sharma'])
    expect(await search({ role: 'student', status: 'suspended' })).toEqual([])
  })
  it('200: finds nobody by what nobody is called', async () => {
    expect(await search({ q: 'xqzwv' })).toEqual([])
  })
  it('200: does not find the deleted, nor by what they were called', async () => {
    const person = await makePerson(world.deps, { name: 'Vanished Person' })
    expect(await search({ q: 'vanished' })).toEqual(['Vanished Person'])
    await admins.delete(`/api/users/${person.id}`)
    expect(await search({ q: 'vanished' })).toEqual([])
    expect(await search({ q: 'deleted' })).toEqual([])
    expect(await search({})).not.toContain('Deleted user')
  })
  it.each([
    ['q=', '/q'],
    ['q=%25%25', '/q'],
    [`q=${'x'.repeat(201)}`, '/q'],
    ['role=owner', '/role'],
    ['status=deleted', '/status'],
    ['limit=0', '/limit'],
    ['limit=101', '/limit'],
    ['cursor=x', '/cursor'],
    ['q=a&cursor=x', '/cursor'],
    ['sort=name', '/sort'],
  ])('400 validation_failed: ?%s names %s', async (query, path) => {
    const answer = await admins.get(`/api/users?${query}`)
    expect(answer).toMatchObject({ status: 400, body: { code: 'validation_failed', errors: [{ path }] } })
  })
  it('400 validation_failed: a cursor of another list', async () => {
    const { body } = await admins.get('/api/users?limit=1')
    const answer = await admins.get(`/api/users?q=asha&limit=1&cursor=${body.nextCursor}`)
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: '/cursor' }] } })
  })
})

describe('the pages of GET /users', () => {
  it.each(['', 'role=student&', 'q=scholar&', 'q=scholar&role=student&status=active&'])(
    '200: ?%s gives everybody once, in one order, whatever joins meanwhile',
    async (query) => {
      const names = Array.from({ length: 11 }, (_, i) => `Scholar ${i % 3} of ${newId()}`)
      const insert = (name: string) =>
        world.database.pool.query(
          `insert into users (id, email, name, role, created_at, updated_at) values ($1, $2, $3, 'student', now(), now())`,
          [newId(), `${newId()}@scholars.example`, name],
        )
      for (const name of names) await insert(name)
      const whole = (await admins.get(`/api/users?${query}limit=100`)).body
      expect(whole.nextCursor).toBeNull()
      const paged: { id: string; name: string }[] = []
      for (let cursor: string | null = ''; cursor !== null; ) {
        const { body } = await admins.get(`/api/users?${query}limit=4${cursor && `&cursor=${cursor}`}`)
        paged.push(...body.items)
        cursor = body.nextCursor
        // Those who join are newer than where the pages are by now.
        await insert(`Scholar 0 of ${newId()}`)
      }
      const ids = new Set(whole.items.map(({ id }: { id: string }) => id))
      const ours = paged.filter(({ id }) => ids.has(id))
      expect(ours.map(({ id }) => id)).toEqual(whole.items.map(({ id }: { id: string }) => id))
      await world.database.pool.query(`delete from users where email::text like '%@scholars.example'`)
    },
  )
  it('200: takes one statement', async () => {
    world.statements.length = 0
    await search({ q: 'asha' })
    await search({ role: 'student' })
    expect(world.statements).toHaveLength(2)
  })
  it('uses the index, not the whole table', async () => {
    await world.database.pool.query(
      `insert into users (id, email, name, role, created_at, updated_at)
       select gen_random_uuid(), i || '@many.example', 'Number ' || md5(i::text), 'student', now(), now()
       from generate_series(1, 20000) as i`,
    )
    await world.database.pool.query('vacuum analyze users')
    const scans = async () => {
      const { rows } = await world.database.pool.query(
        `select pg_stat_force_next_flush(), (select seq_scan from pg_stat_user_tables where relname = 'users') as whole,
           (select idx_scan from pg_stat_user_indexes where indexrelname = 'users_search') as index`,
      )
      return { whole: Number(rows[0].whole), index: Number(rows[0].index) }
    }
    const flush = () => world.database.pool.query('select pg_stat_force_next_flush()')
    await Promise.all(Array.from({ length: 30 }, flush))
    const before = await scans()
    for (let i = 0; i < 8; i++) expect((await search({ q: 'shrama' }))[0]).toBe('Priya Sharma')
    await Promise.all(Array.from({ length: 30 }, flush))
    const after = await scans()
    expect(after.index).toBeGreaterThan(before.index)
    expect(after.whole).toBe(before.whole)
  })
})
