import { once } from 'node:events'
import { request } from 'node:http'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import { mayConnectFrom } from './origins.ts'

const site = { publicUrl: 'https://api.school.example/base', corsOrigins: ['https://school.example'] }
const host = '10.0.0.7:4000'

it.each([
  [undefined, true],
  ['https://school.example', true],
  ['https://api.school.example', true],
  ['http://10.0.0.7:4000', true],
  ['https://evil.example', false],
  ['https://school.example.evil.example', false],
  ['http://school.example', false],
  ['null', false],
  ['nonsense', false],
  ['', false],
])('a page of %s may connect: %s', (origin, may) => {
  expect(mayConnectFrom({ host, ...(origin === undefined ? {} : { origin }) }, site)).toBe(may)
})

let world: World
beforeAll(async () => {
  world = await createWorld({ config: { corsOrigins: ['https://school.example'] } })
})
afterAll(() => world.close())

it.each([
  ['https://school.example', 101],
  ['https://evil.example', 400],
])('a WebSocket from a page of %s: %i', async (origin, status) => {
  const opening = request(`${world.url}/realtime?EIO=4&transport=websocket`, {
    headers: {
      origin,
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    },
  })
  opening.end()
  const [{ statusCode }] = await Promise.race([once(opening, 'upgrade'), once(opening, 'response')])
  opening.destroy()
  expect(statusCode).toBe(status)
})
