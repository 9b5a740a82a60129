import { afterAll, beforeAll, expect, it } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import { backgroundWork } from '../../app.ts'
import { cleanUp } from './clean-up.ts'
import { makePerson } from './factory.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

async function clean() {
  await world.database.pool.query(`select graphile_worker.add_job($1, '{"_cron": {}}')`, [cleanUp.name])
  await world.drain()
}
const idsIn = async (table: string) =>
  (await world.database.pool.query(`select id from ${table}`)).rows.map(({ id }) => id)

it('deletes sessions and links 30 days after they ended, and no sooner', async () => {
  const [stays, ended] = [await makePerson(world.deps), await makePerson(world.deps)]
  await world.client.as(ended.accessToken).post('/api/auth/logout')
  await world.client.post('/api/auth/password/forgot', { email: ended.email })
  await world.drain()
  expect(await idsIn('one_time_links')).toHaveLength(1)
  world.clock.advance({ days: 29 })
  const { body } = await world.client.post('/api/auth/login', {
    email: stays.email,
    password: stays.password,
    client: 'native',
  })
  await clean()
  expect(await idsIn('sessions')).toHaveLength(3)
  expect(await idsIn('one_time_links')).toHaveLength(1)
  world.clock.advance({ days: 1, hours: 2 })
  await clean()
  expect(await idsIn('one_time_links')).toEqual([])
  // The one that ran out after seven days is not old enough yet.
  expect(await idsIn('sessions')).toHaveLength(2)
  world.clock.advance({ days: 5 })
  const refreshed = await world.client.post('/api/auth/refresh', { refreshToken: body.refreshToken })
  expect(refreshed.status).toBe(200)
  world.clock.advance({ days: 5 })
  await clean()
  expect(await idsIn('sessions')).toHaveLength(1)
  expect(
    (await world.client.post('/api/auth/refresh', { refreshToken: refreshed.body.refreshToken })).status,
  ).toBe(200)
})

it('deletes rotated refresh tokens once they could not be used any more, so that reuse is noticed until then', async () => {
  const { refreshToken: first, sessionId } = await makePerson(world.deps)
  let refreshToken = first
  for (let day = 0; day < 8; day++) {
    const { body } = await world.client.post('/api/auth/refresh', { refreshToken })
    refreshToken = body.refreshToken
    world.clock.advance({ days: 1 })
  }
  const count = async () => {
    const { rows } = await world.database.pool.query(
      'select hash from refresh_tokens where session_id = $1',
      [sessionId],
    )
    return rows.length
  }
  expect(await count()).toBe(9)
  await clean()
  expect(await count()).toBe(8)
  const refresh = (token: string) => world.client.post('/api/auth/refresh', { refreshToken: token })
  expect(await refresh(first)).toMatchObject({ status: 401, body: { code: 'unauthenticated' } })
  expect((await refresh(refreshToken)).status).toBe(200)
})

it('reads no table from end to end', async () => {
  world.statements.length = 0
  await clean()
  const deletions = world.statements.filter((text) =>
    /^\s*delete from "?(sessions|refresh_tokens|one_time_links|identities)\b/.test(text),
  )
  expect(deletions).toHaveLength(4)
  const client = await world.database.pool.connect()
  try {
    // The tables of a test are so small that reading them whole is cheapest.
    await client.query('begin; set local enable_seqscan = off')
    for (const text of deletions) {
      const { rows } = await client.query(`explain (generic_plan) ${text}`)
      const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
      expect(plan).not.toContain('Seq Scan')
      if (text.includes('identities')) expect(plan).toContain('users_deleted')
      // The condition decides where to look; a whole index that is read and filtered would be no better.
      expect(plan).not.toMatch(/^ *Filter: .*\b(expires|revoked|used|rotated)_at\b/m)
    }
    await client.query('rollback')
  } finally {
    client.release()
  }
})

it('runs every day', () => {
  expect(backgroundWork().schedules).toContainEqual({
    job: cleanUp,
    cron: expect.stringMatching(/^\d+ \d+ \* \* \*$/),
  })
})
