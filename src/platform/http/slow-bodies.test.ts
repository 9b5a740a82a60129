import { once } from 'node:events'
import { type AddressInfo, connect, type Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { Type } from 'typebox'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import { createAuthenticate } from '../../modules/accounts/index.ts'
import type { App } from './app.ts'
import { anyone } from './policy.ts'
import { createHttp } from './server.ts'

const second = 1_000
let world: World
let app: App
let port: number
/** How many bytes the handler of `/long` has been given. */
let taken = 0

beforeAll(async () => {
  world = await createWorld()
  app = await createHttp(world.deps, createAuthenticate(world.deps))
  app.addContentTypeParser('application/octet-stream', (_request, payload, done) => done(null, payload))
  const response = { 200: Type.Unsafe<unknown>({}) }
  const take = async ({ body }: { body: unknown }) => {
    for await (const chunk of body as Readable) taken += (chunk as Buffer).length
    return {}
  }
  const schema = { response, body: Type.Unsafe<unknown>({}) }
  app.post('/short', { config: { policy: anyone }, schema }, take)
  app.post('/long', { config: { policy: anyone, longBody: true }, schema }, take)
  app.get('/none', { config: { policy: anyone }, schema: { response } }, () => ({}))
  await app.listen({ host: '127.0.0.1', port: 0 })
  port = (app.server.address() as AddressInfo).port
})
afterAll(async () => {
  await app.close()
  await world.close()
})
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

/** A client that has sent its headers and as much of its body, and of which the server has taken that. */
async function begin(
  path: string,
  sent = 10,
): Promise<{ socket: Socket; ended: Promise<unknown>; answers: () => string }> {
  const socket = connect(port, '127.0.0.1')
  let said = ''
  socket.on('data', (bytes) => (said += bytes))
  const ended = once(socket, 'close')
  const head = `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/octet-stream\r\ncontent-length: 100\r\n\r\n`
  await send(socket, sent, head)
  return { socket, ended, answers: () => said }
}
async function send(socket: Socket, bytes: number, head = ''): Promise<void> {
  const before = taken
  socket.write(head + 'x'.repeat(bytes))
  await vi.waitUntil(() => taken === before + bytes)
}

it('a body that has not come after five minutes ends its connection', async () => {
  const { socket, ended } = await begin('/short')
  vi.advanceTimersByTime(299 * second)
  await send(socket, 10)
  vi.advanceTimersByTime(second)
  await ended
})

it('a long one ends it after two minutes without a byte, and no sooner however long it takes', async () => {
  const { socket, ended } = await begin('/long')
  for (let minutes = 0; minutes < 60; minutes += 1.9) {
    vi.advanceTimersByTime(1.9 * 60 * second)
    await send(socket, 1)
  }
  vi.advanceTimersByTime(119 * second)
  expect(socket.closed).toBe(false)
  vi.advanceTimersByTime(second)
  await ended
})

it.each(['/short', '/long'])('one that has come whole to %s is not cut off', async (path) => {
  const { socket, answers } = await begin(path, 100)
  await vi.waitUntil(() => answers().startsWith('HTTP/1.1 200'))
  vi.advanceTimersByTime(24 * 60 * 60 * second)
  socket.write('GET /none HTTP/1.1\r\nhost: x\r\n\r\n')
  await vi.waitUntil(() => answers().match(/HTTP\/1\.1 200/g)?.length === 2)
  socket.destroy()
})
