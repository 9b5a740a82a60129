import { Type } from 'typebox'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createAuthenticate } from '../../src/modules/accounts/index.ts'
import { anyone } from '../../src/platform/http/policy.ts'
import { createHttp } from '../../src/platform/http/server.ts'
import { shedLoad } from '../../src/platform/http/shed-load.ts'
import { type Client, httpClient } from '../support/http.ts'
import { createWorld, type World } from '../support/world.ts'

const turnMs = 150
let world: World
let client: Client
let close: () => Promise<void>
beforeAll(async () => {
  world = await createWorld()
  const app = await createHttp(world.deps, createAuthenticate(world.deps))
  // As the program does it, sooner.
  shedLoad(app, world.deps.log, { lookEveryMs: 100, mostTurnMs: 0.8 * turnMs })
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

it('503 overloaded with Retry-After while there is more to do than can be done; health answers, and then everybody is again', async () => {
  const statusOf = async (path: string) => (await client.get(path)).status
  await expect.poll(() => statusOf('/work')).toBe(200)
  const relieve = overload()
  await expect.poll(() => statusOf('/work')).toBe(503)
  const refused = await client.get('/work', { headers: { origin: 'http://localhost:5173' } })
  expect(refused).toMatchObject({ status: 503, body: { code: 'overloaded' } })
  expect(refused.headers.get('retry-after')).toBe('2')
  // So that a page of another origin learns it.
  expect(refused.headers.get('access-control-expose-headers')).toContain('retry-after')
  expect(await statusOf('/health')).toBe(200)
  relieve()
  await expect.poll(() => statusOf('/work')).toBe(200)
})
