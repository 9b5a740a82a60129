import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { makePerson, type Person } from '../../src/modules/accounts/factory.ts'
import { makeFriends } from '../../src/modules/friends/factory.ts'
import { makeNotice } from '../../src/modules/notifications/factory.ts'
import { layCable } from '../../test/support/cable.ts'
import { createWorld, type World } from '../../test/support/world.ts'
import { LecternError, newKey } from '../src/index.ts'
import { openRealtime, type Pushes, type Realtime } from '../src/realtime.ts'
import { manualClock } from './manual-clock.ts'
import { signedIn } from './signed-in.ts'

const world: World = {} as never
beforeAll(async () => void Object.assign(world, await createWorld()))
afterAll(() => world.close())
const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
})

async function friends() {
  const [asha, ben] = await Promise.all([makePerson(world.deps), makePerson(world.deps, { name: 'Ben' })])
  await makeFriends(world.deps, asha, ben)
  return { asha, ben }
}

/** Somebody at a device whose cable can be cut. */
async function atDevice(person: Person, clock?: ReturnType<typeof manualClock>) {
  const cable = await layCable(Number(new URL(world.url).port))
  const client = await signedIn(world, person, { baseUrl: `http://127.0.0.1:${cable.port}`, clock })
  const realtime = openRealtime(client)
  open.push(cable, realtime)
  const messages: (string | undefined)[] = []
  const notices: string[] = []
  realtime.on('chat:message', ({ text }) => messages.push(text))
  realtime.on('notification', ({ title }) => notices.push(title))
  await current(realtime)
  return { client, realtime, cable, messages, notices }
}

const current = (realtime: Realtime) =>
  expect.poll(() => realtime.status, { timeout: 10_000 }).toBe('current')
const say = (from: Person, to: Person, text: string) =>
  world.client.as(from.accessToken).post(`/api/chat/messages/${to.id}`, { text, clientId: newKey() })

describe('a device', () => {
  it('asks, is answered, and is told', async () => {
    const { asha, ben } = await friends()
    const [hers, his] = [await atDevice(asha), await atDevice(ben)]
    const { message } = await hers.realtime.ask('chat:send', {
      to: ben.id,
      text: 'Hello',
      clientId: newKey(),
    })
    expect(message).toMatchObject({ from: asha.id, sequence: 1 })
    await expect.poll(() => his.messages).toEqual(['Hello'])
    expect(hers.messages).toEqual([])
  })

  it('is refused with the code of the refusal', async () => {
    const { asha } = await friends()
    const { realtime } = await atDevice(asha)
    const stranger = await makePerson(world.deps)
    const error = await realtime
      .ask('chat:send', { to: stranger.id, text: 'Psst', clientId: newKey() })
      .catch((e) => e)
    expect(error).toBeInstanceOf(LecternError)
    expect(error).toMatchObject({ code: 'not_found' })
  })

  it('whose connection was cut is told once, in order, of all that it missed, and then of what comes', async () => {
    const { asha, ben } = await friends()
    const other = await makePerson(world.deps)
    await makeFriends(world.deps, asha, other)
    await say(ben, asha, 'before')
    const { realtime, cable, messages, notices } = await atDevice(asha)
    await realtime.watchPresence([ben.id])
    await say(ben, asha, 'one')
    await expect.poll(() => messages).toEqual(['one'])

    cable.cut()
    await expect.poll(() => realtime.status).toBe('away')
    for (const text of ['two', 'three']) await say(ben, asha, text)
    await say(other, asha, 'from somebody new')
    await makeNotice(world.deps, [asha], { title: 'While away' })
    const presence: Pushes['presence'][] = []
    realtime.on('presence', (push) => presence.push(push))
    cable.mend()
    await current(realtime)
    expect(messages.slice(1).filter((text) => text !== 'from somebody new')).toEqual(['two', 'three'])
    expect(messages).toContain('from somebody new')
    expect(messages).toHaveLength(4)
    expect(presence).toMatchObject([{ userId: ben.id }])
    expect(notices).toContain('While away')

    await say(ben, asha, 'four')
    await expect.poll(() => messages.at(-1)).toBe('four')
    expect(messages).toHaveLength(5)
    // What is pushed late, and was fetched already.
    await world.drain()
    await say(ben, asha, 'five')
    await expect.poll(() => messages.at(-1)).toBe('five')
    expect(notices.filter((title) => title === 'While away')).toHaveLength(1)
  })

  it('goes on under a renewed token, and is let go when the session ends', async () => {
    const { asha, ben } = await friends()
    const clock = manualClock(Date.now())
    const { client, realtime, messages } = await atDevice(asha, clock)
    world.clock.advance({ minutes: 14 })
    clock.advance(300)
    await expect.poll(() => clock.waiting).toEqual([300_000])
    world.clock.advance({ minutes: 3 })
    // The first token has run out; the connection goes by the second.
    const again = await signedIn(world, ben)
    await again.chat.sendMessage(asha.id, { text: 'Still there?', clientId: newKey() })
    await expect.poll(() => messages).toEqual(['Still there?'])
    await realtime.ask('typing', { to: ben.id, typing: true })

    await client.auth.logout()
    expect(realtime.status).toBe('closed')
  })
})
