import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makePerson, type Person } from '../../src/modules/accounts/factory.ts'
import { type Held, hold } from '../support/hold.ts'
import type { Answer, Client } from '../support/http.ts'
import { type Node, openNode } from '../support/node.ts'
import { createWorld, type World } from '../support/world.ts'

const connections = 2
const overloaded = { status: 503, body: { code: 'overloaded' } }

let world: World
let teacher: Person
/** Refuses whoever comes while somebody waits, and lets those wait for long. */
let strict: Node
/** Lets everybody wait, but not for long. */
let hasty: Node
beforeAll(async () => {
  world = await createWorld()
  teacher = await makePerson(world.deps, { role: 'instructor' })
  strict = await openNode(world, { connections, patience: { queueMs: 0, connectionMs: 60_000 } })
  hasty = await openNode(world, { connections, patience: { queueMs: 60_000, connectionMs: 200 } })
})
afterAll(async () => {
  await strict.close()
  await hasty.close()
  await world.close()
})

/** Takes every connection that a node may have. */
async function exhaust({ deps }: Node): Promise<Held[]> {
  const held: Held[] = []
  while (held.length < connections) held.push(await hold(deps.transact, (tx) => sql`select 1`.execute(tx)))
  return held
}

const own = (client: Client) => client.as(teacher.accessToken)
const release = (held: Held[]) => Promise.all(held.map((one) => one.release()))
const courses = (client: Client): Promise<Answer> => own(client).get('/api/courses/mine?limit=100')

it('503 overloaded with Retry-After at once, while others wait; these are answered, and everybody is again', async () => {
  const held = await exhaust(strict)
  const waiting = courses(strict.client)
  await expect.poll(() => strict.database.pool.waitingCount).toBe(1)
  const refused = await courses(strict.client)
  expect(refused).toMatchObject(overloaded)
  expect(refused.headers.get('retry-after')).toBe('1')
  expect(strict.database.pool.waitingCount).toBe(1)
  await release(held)
  expect((await waiting).status).toBe(200)
  expect((await courses(strict.client)).status).toBe(200)
})

it('503 overloaded as well for reads that are asked together; whoever waits is answered', async () => {
  const mine = () => own(strict.client).get('/api/enrollments/my')
  const held = await exhaust(strict)
  const waiting = mine()
  await expect.poll(() => strict.database.pool.waitingCount).toBe(1)
  const refused = await Promise.all(Array.from({ length: 5 }, mine))
  for (const answer of refused) expect(answer).toMatchObject(overloaded)
  expect(strict.database.pool.waitingCount).toBe(1)
  await release(held)
  expect((await waiting).status).toBe(200)
  expect((await mine()).status).toBe(200)
})

it('503 overloaded with Retry-After for who has waited too long', async () => {
  const held = await exhaust(hasty)
  const refused = await courses(hasty.client)
  expect(refused).toMatchObject(overloaded)
  expect(refused.headers.get('retry-after')).toBe('1')
  await release(held)
  expect((await courses(hasty.client)).status).toBe(200)
})

it('/healthz and what is in memory are answered meanwhile, and /readyz says that the database is not to be had', async () => {
  const { client } = hasty
  expect((await client.get('/api/courses?limit=7')).status).toBe(200)
  const held = await exhaust(hasty)
  expect(await client.get('/healthz')).toMatchObject({ status: 200, body: { status: 'ok' } })
  expect((await client.get('/api/courses?limit=7')).status).toBe(200)
  expect(await client.get('/readyz')).toMatchObject({ status: 503, body: { database: 'failed' } })
  await release(held)
  expect(await client.get('/readyz')).toMatchObject({ status: 200, body: { database: 'ok' } })
})

it('of a storm of writes those are there that were acknowledged, and no others', async () => {
  const storm = Array.from({ length: 60 }, async (_, n) => {
    const title = `Storm ${n}`
    const { status } = await own(strict.client).post('/api/courses', { title })
    return { title, status }
  })
  const answers = await Promise.all(storm)
  const titled = (status: number) =>
    answers.filter((answer) => answer.status === status).map(({ title }) => title)
  expect(titled(201).length + titled(503).length).toBe(60)
  expect(titled(503)).not.toEqual([])
  const { body } = await courses(strict.client)
  const found = (body.items as { title: string }[]).map(({ title }) => title)
  expect(found.toSorted()).toEqual(titled(201).toSorted())
})
