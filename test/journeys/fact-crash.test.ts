import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { makePerson, type Person } from '../../src/modules/accounts/factory.ts'
import { makeCourse } from '../../src/modules/catalogue/factory.ts'
import { httpClient } from '../support/http.ts'
import { freePort, startServer, startWorker } from '../support/server.ts'
import { createWorld, type World } from '../support/world.ts'

const rounds = 3
const patience = { timeout: 60_000, interval: 50 }

let world: World
let data: string
let students: Person[]
let courses: string[]
beforeAll(async () => {
  world = await createWorld()
  data = await mkdtemp(join(tmpdir(), 'lectern-facts-'))
  const owner = await makePerson(world.deps, { role: 'instructor' })
  courses = []
  for (let n = 0; n < 20 * rounds; n++) courses.push((await makeCourse(world.deps, { owner })).id)
  students = await Promise.all([1, 2, 3, 4].map(() => makePerson(world.deps)))
  await world.drain()
}, 60_000)
afterAll(async () => {
  await world.close()
  await rm(data, { recursive: true, force: true })
})

/** Of enrollments: whose facts are waited for by several. */
const undelivered = async () => {
  const { rows } = await world.database.pool.query(
    `select id from events where type = 'enrollment.activated' and not exists (
       select from event_deliveries where event_id = events.id and subscriber = 'reports.count-activated')`,
  )
  return rows.length
}

const activated = async () =>
  (await world.database.pool.query("select from events where type = 'enrollment.activated'")).rows.length

it('kill -9 of the server amid its commits, and of one that hands nothing on: each fact of an acknowledged write is delivered, once', {
  timeout: 120_000,
}, async () => {
  const env = {
    DATABASE_URL: world.databaseUrl,
    ACCESS_TOKEN_SECRET: world.deps.config.accessTokenSecrets.join(','),
  }
  let acknowledged = 0
  for (const [round, JOBS] of (['inline', 'off', 'inline'] as const).entries()) {
    const server = await startServer({ data, port: await freePort(), env: { ...env, JOBS } })
    const todo = courses.slice(round * 20, round * 20 + 20)
    const enough = acknowledged + 40
    await Promise.all(
      students.map(async ({ accessToken }) => {
        const client = httpClient(server.url, accessToken)
        for (const courseId of todo) {
          const answer = await client.post('/api/enrollments', { courseId }).catch(() => null)
          if (answer?.status !== 201) return
          // While the other three are in the midst of their writes.
          if (++acknowledged === enough) await server.kill()
        }
      }),
    )
    expect(await activated()).toBeGreaterThanOrEqual(acknowledged)
  }

  expect(acknowledged).toBeGreaterThanOrEqual(40 * rounds)
  const worker = startWorker(data, env)
  await worker.up
  await vi.waitFor(async () => expect(await undelivered()).toBe(0), patience)
  await worker.stop()
  const { rows } = await world.database.pool.query(
    'select (select count(*)::int from waiting_events) as waiting, (select count(*)::int from enrollments) as made',
  )
  expect(rows).toEqual([{ waiting: 0, made: await activated() }])
})
