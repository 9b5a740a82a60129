import { once } from 'node:events'
import { request } from 'node:http'
import { expect, it } from 'vitest'
import { createWorld } from '../../../test/support/world.ts'

it('the server closes though a connection does not say goodbye', { timeout: 20_000 }, async () => {
  const world = await createWorld()
  const opening = request(`${world.url}/realtime?EIO=4&transport=websocket`, {
    headers: {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    },
  })
  opening.end()
  const [, silent] = await once(opening, 'upgrade')
  await expect(world.close()).resolves.toBeUndefined()
  silent.destroy()
})
