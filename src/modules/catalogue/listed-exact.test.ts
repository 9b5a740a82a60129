import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import { createCourseFinder } from './course-finder.ts'
import { type MadeCourse, makeCourse } from './factory.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

async function list(query: string): Promise<string[]> {
  const { status, body } = await world.client.get(`/api/courses?${query}`)
  expect(status).toBe(200)
  return body.items.map((item: { title: string }) => item.title)
}

/** How many of this database wait for each other. */
async function waiting(): Promise<number> {
  const { rows } = await world.database.pool.query<{ count: number }>(
    `select count(*)::int as count from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  )
  return rows[0]?.count ?? 0
}

describe('a listed course in memory', () => {
  it.each([
    ['popular', sql`activations = activations + 5`, 'publish', 'unpublish'],
    ['rating', sql`stars = '{0,0,0,0,1}'`, 'publish', 'unpublish'],
  ] as const)('has what was counted while it was being listed, by %s', async (sort, count, show, hide) => {
    const tag = `counted-${sort}`
    const other = await makeCourse(world.deps, { title: 'Other', tags: [tag] })
    const counted = await makeCourse(world.deps, { title: 'Counted', tags: [tag] })
    const owner = world.client.as(counted.owner.accessToken)
    await owner.post(`/api/courses/${counted.id}/${hide}`)
    await world.deps.transact(async (tx) => {
      await sql`update course_stats set activations = 1, stars = '{0,0,1,0,0}' where course_id = ${other.id}`.execute(
        tx,
      )
    })
    const { promise: commits, resolve: commit } = Promise.withResolvers<void>()
    const counting = world.deps.transact(async (tx) => {
      await sql`update course_stats set ${count} where course_id = ${counted.id}`.execute(tx)
      await commits
    })
    let listed = false
    const listing = owner.post(`/api/courses/${counted.id}/${show}`).then(({ status }) => {
      listed = true
      return status
    })
    await vi.waitFor(async () => expect(listed || (await waiting()) > 0).toBe(true), 10_000)
    await list(`tag=${tag}&sort=${sort}`)
    commit()
    await counting
    expect(await listing).toBe(200)
    expect(await list(`tag=${tag}&sort=${sort}`)).toEqual(['Counted', 'Other'])
  })

  it('is read anew by the nightly job, whatever made it wrong', async () => {
    const [first] = await makeTwo('nightly')
    await list('tag=nightly&sort=popular')
    await unheard(`update course_stats set activations = 7 where course_id = $1`, first)
    expect(await list('tag=nightly&sort=popular')).toEqual(['Second', 'First'])
    await world.deps.transact(async (tx) => {
      await sql`select graphile_worker.add_job('catalogue.read-listed-anew', '{}')`.execute(tx)
    })
    await world.drain()
    expect(await list('tag=nightly&sort=popular')).toEqual(['First', 'Second'])
  })

  it.each([
    ['rating', 'listing', 'course.listed', `stars = '{0,0,0,0,1}'`],
    ['popular', 'popularity', 'course.activated', 'activations = 7'],
  ])(
    'makes a list by %s old that was made between the two signals of another node',
    async (sort, subject, topic, change) => {
      const [first] = await makeTwo(`between-${sort}`)
      const query = `tag=between-${sort}&sort=${sort}`
      expect(await list(query)).toEqual(['Second', 'First'])
      await unheard(`update course_stats set ${change} where course_id = $1`, first)
      await hear('page.changed', subject)
      expect(await list(query)).toEqual(['Second', 'First'])
      const { rows } = await world.database.pool.query<{ number: number }>(
        'select number from course_search where course_id = $1',
        [first.id],
      )
      await hear(topic, String(rows[0]?.number))
      expect(await list(query)).toEqual(['First', 'Second'])
    },
  )

  it('is read once for all who ask at the same moment while signals may be missed, and is as it is now', async () => {
    const [first] = await makeTwo('deaf')
    const { signals } = world.deps
    const finder = await createCourseFinder({
      ...world.deps,
      signals: { ...signals, connected: () => false },
    })
    const list = async () =>
      (await finder.page(world.deps.db, { tag: ['deaf'] }, { sort: 'popular', after: null, limit: 1 }))[0]?.id
    expect(await list()).not.toBe(first.id)
    await unheard(`update course_stats set activations = 7 where course_id = $1`, first)
    world.statements.length = 0
    const firsts = await Promise.all(Array.from({ length: 30 }, list))
    expect(new Set(firsts)).toEqual(new Set([first.id]))
    const readings = world.statements.filter((text) => text.includes('row_number()'))
    expect(readings).toHaveLength(1)
  })
})

/** Two that only the time of publishing tells apart, so that the second comes first. */
async function makeTwo(tag: string): Promise<[MadeCourse, MadeCourse]> {
  const first = await makeCourse(world.deps, { title: 'First', tags: [tag] })
  world.clock.advance({ minutes: 1 })
  return [first, await makeCourse(world.deps, { title: 'Second', tags: [tag] })]
}

/** Changes what the database has without any signal. */
async function unheard(statement: string, course: MadeCourse): Promise<void> {
  const client = new pg.Client({ connectionString: world.databaseUrl })
  await client.connect()
  await client.query('set session_replication_role = replica')
  await client.query(statement, [course.id])
  await client.end()
}

/** A signal as another node sends it, until it has arrived. */
async function hear(topic: string, text: string): Promise<void> {
  let heard = 0
  world.deps.signals.on(topic, (told) => {
    if (told === text) heard++
  })
  await world.database.pool.query(
    `select pg_notify('lectern_signals', json_build_array($1::text, $2::text)::text)`,
    [topic, text],
  )
  await vi.waitFor(() => expect(heard).toBeGreaterThan(0), { timeout: 10_000 })
}
