import { Type } from 'typebox'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createAuthenticate } from '../../src/modules/accounts/index.ts'
import { anyone } from '../../src/platform/http/policy.ts'
import { createHttp } from '../../src/platform/http/server.ts'
import { shedLoad } from '../../src/platform/http/shed-load.ts'
import { type Client, httpClient } from '../support/http.ts'
import { createWorld, type World } from '../support/world.ts'

const turnMs = 150
const fewestRequests = 2
let world: World
let client: Client
let close: () => Promise<void>
beforeAll(async () => {
  world = await createWorld()
  const app = await createHttp(world.deps, createAuthenticate(world.deps))
  // As the program does it, sooner.
  shedLoad(app, world.deps.log, { lookEveryMs: 100, mostTurnMs: 0.8 * turnMs, fewestRequests })
  const schema = { response: { 200: Type.Object({}) } }
  app.get('/work', { config: { policy: anyone }, schema }, async () => ({}))
  app.get('/health', { config: { policy: anyone, rateLimit: false }, schema }, async () => ({}))
  client = httpClient(await app.listen({ host: '127.0.0.1', port: 0 }))
  close = () => app.close()
})
afterAll(async () => {
  await close()
  await world.close()
})

/** Makes each turn of the event loop take as long. */
function overload(): () => void {
  let stopped = false
  const turn = () => {
    const until = performance.now() + turnMs
    while (performance.now() < until);
    if (!stopped) setImmediate(turn)
  }
  setImmediate(turn)
  return () => {
    stopped = true
  }
}

const statusOf = async (path: string) => (await client.get(path)).status

/** Many who ask all the time. */
function crowd(): () => Promise<unknown> {
  let stopped = false
  const asking = Array.from({ length: 40 }, async () => {
    while (!stopped) await statusOf('/work')
  })
  return () => {
    stopped = true
    return Promise.all(asking)
  }
}

it('503 overloaded with Retry-After while more comes than can be answered; health answers, and then everybody is again', async () => {
  await expect.poll(() => statusOf('/work')).toBe(200)
  const relieve = overload()
  const leave = crowd()
  await expect.poll(() => statusOf('/work')).toBe(503)
  const refused = await client.get('/work', { headers: { origin: 'http://localhost:5173' } })
  expect(refused).toMatchObject({ status: 503, body: { code: 'overloaded' } })
  expect(refused.headers.get('retry-after')).toBe('2')
  // So that a page of another origin learns it.
  expect(refused.headers.get('access-control-expose-headers')).toContain('retry-after')
  expect(await statusOf('/health')).toBe(200)
  relieve()
  await leave()
  await expect.poll(() => statusOf('/work')).toBe(200)
})

it('200 where the event loop is late by other work than requests', async () => {
  const relieve = overload()
  for (let n = 0; n < 6; n++) expect(await statusOf('/work')).toBe(200)
  relieve()
})
