import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import type { Tx } from '../../platform/database/database.ts'
import { makePerson } from '../accounts/factory.ts'
import { makeCourse } from '../catalogue/factory.ts'
import { makeEnrollment } from './factory.ts'
import { findRoster } from './roster-queries.ts'

const many = 20_000
/** As often as it takes for a prepared statement to be planned once for whatever it is asked. */
const turns = 8
const page = { after: null, limit: 100 }
let world: World
let large: string
let small: string
beforeAll(async () => {
  world = await createWorld()
  const { pool } = world.database
  const { id } = await makeCourse(world.deps)
  large = id
  // A school of people whose names begin alike, each in the large course and, with three others, in one of many small ones.
  await pool.query(`
    insert into users (id, email, name, role, created_at, updated_at)
    select gen_random_uuid(), 'cleo' || n || '@example.org', 'Cleo Chen', 'student', now(), now()
    from generate_series(1, ${many}) as n;
    update users set name = 'Zoraida' where email = 'cleo777@example.org';
    insert into courses select (jsonb_populate_record(courses, jsonb_build_object('id', gen_random_uuid(), 'slug', 'small-' || n))).*
    from courses, generate_series(1, ${many / 4}) as n where id = '${large}';
    insert into enrollments (id, course_id, user_id, status, created_at)
    select gen_random_uuid(), '${large}', id, 'pending', now() from users where role = 'student';
    insert into enrollments (id, course_id, user_id, status, created_at)
    select gen_random_uuid(), small.id, person.id, 'pending', now()
    from (select id, row_number() over () as n from users where role = 'student') as person
    join (select id, row_number() over () as n from courses where id <> '${large}') as small
      on small.n = 1 + person.n % ${many / 4}`)
  const student = await makePerson(world.deps, { email: 'asha@example.org' })
  const { courseId } = await makeEnrollment(world.deps, { student })
  small = courseId
  // As the server does by itself, after so many rows.
  await pool.query('vacuum analyze users')
  await pool.query('vacuum analyze enrollments')
}, 60_000)
afterAll(() => world.close())

/** How many people a search finds, and how many rows of people and enrollments PostgreSQL reads for it, on average. */
function search(courseId: string, q: string): Promise<{ found: number; read: number }> {
  return world.deps.transact(async (tx) => {
    const before = await rowsRead(tx)
    let found = 0
    for (let turn = 0; turn < turns; turn++) found = (await findRoster(tx, { courseId, q }, page)).length
    return { found, read: ((await rowsRead(tx)) - before) / turns }
  })
}

/** By this connection, since it last reported: not within a transaction. */
async function rowsRead(tx: Tx): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select sum(seq_tup_read + idx_tup_fetch)::int as count from pg_stat_xact_user_tables
    where relname in ('users', 'enrollments')`.execute(tx)
  return rows[0]?.count ?? 0
}

describe('a search looks', () => {
  it.each([
    ['c', 0],
    ['cleo', 0],
    ['example', 1],
    ['org', 1],
    ['asha', 1],
    ['nobody', 0],
    ['cleo777@example.org', 0],
  ])('in a small course not at everybody in the school whom it fits: %s', async (q, expected) => {
    const { found, read } = await search(small, q)
    expect(found).toBe(expected)
    expect(read).toBeGreaterThan(0)
    expect(read).toBeLessThan(10)
  })
  it.each([
    ['zora', 1],
    ['nobody', 0],
    ['cleo777@example.org', 1],
  ])('in a large course not at everybody in it, for what few have: %s', async (q, expected) => {
    const { found, read } = await search(large, q)
    expect(found).toBe(expected)
    expect(read).toBeLessThan(2_000)
  })
  it.each(['c', 'chen', 'example'])(
    'in a large course not at everybody in the school, for what many have: %s',
    async (q) => {
      const { found, read } = await search(large, q)
      expect(found).toBe(100)
      expect(read).toBeLessThan(2_000)
    },
  )
})
