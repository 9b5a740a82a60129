import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import { makeCourse } from '../catalogue/factory.ts'
import { makeEnrollment } from './factory.ts'
import { findRoster } from './roster-queries.ts'

const many = 20_000
let world: World
beforeAll(async () => {
  world = await createWorld()
  // A school of people whose names begin alike, none of them in the course.
  await world.database.pool.query(`
    insert into users (id, email, name, role, created_at, updated_at)
    select gen_random_uuid(), 'cleo' || n || '@example.org', 'Cleo Chen', 'student', now(), now()
    from generate_series(1, ${many}) as n;
    insert into enrollments (id, course_id, user_id, status, created_at)
    select gen_random_uuid(), '${(await makeCourse(world.deps)).id}', id, 'pending', now() from users where name = 'Cleo Chen'`)
  // As the server does by itself, after so many rows.
  await world.database.pool.query('vacuum analyze users')
  await world.database.pool.query('vacuum analyze enrollments')
}, 60_000)
afterAll(() => world.close())

it('a search in a small course does not look at everybody in the school whom it fits', async () => {
  const { courseId, student } = await makeEnrollment(world.deps)
  const page = { after: null, limit: 100 }
  await world.deps.transact(async (tx) => {
    // As often as it takes for the statement to be planned once for whatever it is asked.
    for (let turn = 0; turn < 8; turn++) expect(await findRoster(tx, { courseId, q: 'c' }, page)).toEqual([])
    const found = await findRoster(tx, { courseId, q: 'asha' }, page)
    expect(found).toMatchObject([{ person: { id: student.id } }])
    const { rows } = await sql<{ count: number }>`
      select (seq_tup_read + idx_tup_fetch)::int as count from pg_stat_xact_user_tables where relname = 'users'`.execute(
      tx,
    )
    expect(rows[0]?.count).toBeGreaterThan(0)
    expect(rows[0]?.count).toBeLessThan(100)
  })
})

it('a search for a rare word in a large course does not look at everybody in the course', async () => {
  const { rows: of } = await world.database.pool.query<{ course_id: string; id: string }>(`
    with one as (select course_id, user_id from enrollments limit 1),
      renamed as (update users set name = 'Zoraida' where id = (select user_id from one))
    select course_id, user_id as id from one`)
  const [{ course_id: courseId, id } = { course_id: '', id: '' }] = of
  const page = { after: null, limit: 100 }
  await world.deps.transact(async (tx) => {
    for (let turn = 0; turn < 8; turn++) {
      const found = await findRoster(tx, { courseId, q: 'Zora' }, page)
      expect(found).toMatchObject([{ person: { id } }])
      expect(await findRoster(tx, { courseId, q: 'nobody' }, page)).toEqual([])
    }
    const { rows } = await sql<{ count: number }>`
      select sum(seq_tup_read + idx_tup_fetch)::int as count from pg_stat_xact_user_tables
      where relname in ('users', 'enrollments')`.execute(tx)
    expect(rows[0]?.count).toBeGreaterThan(0)
    expect(rows[0]?.count).toBeLessThan(500)
  })
})

it('a word that many in the school have is found in a large course', async () => {
  const { rows } = await world.database.pool.query(
    'select course_id from enrollments group by 1 order by count(*) desc limit 1',
  )
  const found = await findRoster(
    world.deps.db,
    { courseId: rows[0].course_id, q: 'chen' },
    { after: null, limit: 100 },
  )
  expect(found).toHaveLength(100)
})
