import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Client } from '../support/http.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

interface Somebody extends Client {
  readonly id: string
  connect(): ReturnType<World['connect']>
}

async function register(name: string): Promise<Somebody> {
  const email = `${name.toLowerCase()}@example.org`
  const { body } = await world.client.post('/api/auth/register', { email, password: 'a long password', name })
  return {
    ...world.client.as(body.accessToken),
    id: body.user.id,
    connect: () => world.connect(body.accessToken),
  }
}

it('two people become friends, talk on all their devices, miss nothing while away, and part for good', async () => {
  const [asha, ben] = [await register('Asha'), await register('Ben')]
  const say = (text: string, n: number) => ({ text, clientId: `message-${n}` })

  // Strangers: nothing reaches the other one.
  const [phone, laptop] = [await asha.connect(), await asha.connect()]
  expect(await phone.ask('chat:send', { to: ben.id, ...say('Hello?', 1) })).toMatchObject({ ok: false })

  // Asha asks, Ben accepts.
  await asha.post('/api/friends/request', { userId: ben.id })
  const [request] = (await ben.get('/api/friends/requests')).body.items
  expect(request).toMatchObject({ from: asha.id, user: { name: 'Asha' } })
  expect((await ben.post(`/api/friends/requests/${request.id}/accept`)).body.user.name).toBe('Asha')

  // They talk; every device has it.
  const [bensPhone, bensLaptop] = [await ben.connect(), await ben.connect()]
  await phone.ask('typing', { to: ben.id, typing: true })
  expect(await bensLaptop.next('typing')).toEqual({ from: asha.id, typing: true })
  const sent = await phone.ask('chat:send', { to: ben.id, ...say('Hello Ben', 1) })
  expect(sent).toMatchObject({ ok: true, message: { sequence: 1 } })
  for (const device of [laptop, bensPhone, bensLaptop])
    expect((await device.next('chat:message')).text).toBe('Hello Ben')
  await bensPhone.ask('chat:send', { to: asha.id, ...say('Hello Asha', 1) })
  for (const device of [phone, laptop, bensLaptop])
    expect(await device.next('chat:message')).toMatchObject({ sequence: 2, text: 'Hello Asha' })

  // Ben goes offline. Asha's line is bad, too: she sends one message twice, and it is one.
  bensPhone.close()
  bensLaptop.close()
  for (let n = 2; n <= 4; n++) await phone.ask('chat:send', { to: ben.id, ...say(`News ${n}`, n) })
  expect((await laptop.ask('chat:send', { to: ben.id, ...say('News 4', 4) })).message.sequence).toBe(5)

  // Ben comes back, sees how much there is, and fetches what he has missed, by pages.
  const [conversation] = (await ben.get('/api/chat/conversations')).body.items
  expect(conversation).toMatchObject({ user: { name: 'Asha' }, unread: 4, lastMessage: { text: 'News 4' } })
  const missed: { text: string; sequence: number }[] = []
  let cursor = ''
  do {
    const { body } = await ben.get(`/api/chat/history/${asha.id}?after=2&limit=2${cursor}`)
    missed.unshift(...body.items.toReversed())
    cursor = body.nextCursor && `&cursor=${body.nextCursor}`
  } while (cursor)
  expect(missed.map(({ text }) => text)).toEqual(['News 2', 'News 3', 'News 4'])

  // He reads; Asha sees that on both devices, and when.
  const again = await ben.connect()
  expect(await again.ask('chat:read', { with: asha.id, upTo: 5 })).toEqual({ ok: true, upTo: 5, unread: 0 })
  for (const device of [phone, laptop])
    expect(await device.next('chat:read')).toMatchObject({ with: ben.id, by: ben.id, upTo: 5 })
  const [last] = (await asha.get(`/api/chat/history/${ben.id}?limit=1`)).body.items
  expect(last.readAt).toBe(world.clock.now().toISOString())

  // Ben blocks Asha: it ends at once, and looks to her as if he had never been there. What was said stays.
  await ben.post(`/api/blocks/${asha.id}`)
  const refused = await phone.ask('chat:send', { to: ben.id, ...say('Ben?', 9) })
  const never = await phone.ask('chat:send', { to: asha.id, ...say('Me?', 9) })
  expect(refused).toMatchObject({ ok: false, code: 'not_found' })
  expect(refused).toEqual(never)
  expect((await phone.ask('typing', { to: ben.id, typing: true })).code).toBe('not_found')
  expect((await asha.post('/api/friends/request', { userId: ben.id })).status).toBe(404)
  expect((await asha.get('/api/friends')).body.items).toEqual([])
  expect((await asha.get(`/api/chat/history/${ben.id}`)).body.items).toHaveLength(5)
  expect((await asha.get('/api/chat/conversations')).body.items[0].canWrite).toBe(false)
  await again.settled()
  expect(again.pushes).toEqual([])
})
