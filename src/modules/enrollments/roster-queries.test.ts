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
    select gen_random_uuid(), '${(await makeCourse(world.deps)).id}', id, 'pending', now() from users where name = 'Cleo Chen';
    analyze users; analyze enrollments`)
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
