import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { makePerson, type Person } from '../../src/modules/accounts/factory.ts'
import { makeFriends } from '../../src/modules/friends/factory.ts'
import { makeNotice } from '../../src/modules/notifications/factory.ts'
import { layCable } from '../../test/support/cable.ts'
import { createWorld, type World } from '../../test/support/world.ts'
import { type ClientOptions, createClient, LecternError, newKey } from '../src/index.ts'
import { openRealtime, type Pushes, type Realtime } from '../src/realtime.ts'
import { manualClock } from './manual-clock.ts'
import { network } from './network.ts'
import { keeping, signedIn } from './signed-in.ts'

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
async function atDevice(person: Person, options: ClientOptions = {}) {
  const cable = await layCable(Number(new URL(world.url).port))
  const client = await signedIn(world, person, { baseUrl: `http://127.0.0.1:${cable.port}`, ...options })
  const realtime = openRealtime(client)
  open.push(cable, realtime)
  const messages: (string | undefined)[] = []
  const notices: string[] = []
  realtime.on('chat:message', ({ text }) => messages.push(text))
  realtime.on('notification', ({ title }) => notices.push(title))
  await current(realtime)
  return { client, realtime, cable, messages, notices }
}

/** Requests that do not go by the cable. */
const beside: typeof fetch = (input, init) => fetch(world.url + new URL(String(input)).pathname, init)
const current = (realtime: Realtime) =>
  expect.poll(() => realtime.status, { timeout: 10_000 }).toBe('current')
const say = (from: Person, to: Person, text: string) =>
  world.client.as(from.accessToken).post(`/api/chat/messages/${to.id}`, { text, clientId: newKey() })

async function login({ email, password }: Person): Promise<{ accessToken: string }> {
  const { body } = await world.client.post('/api/auth/login', { email, password })
  return { accessToken: body.accessToken }
}

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

  it('is told of all that was said since it began to connect, however long that takes', async () => {
    const { asha, ben } = await friends()
    await say(ben, asha, 'before')
    const said: string[] = []
    const net = network()
    net.before(async ({ path }) => {
      if (path !== '/api/chat/conversations') return
      said.push(`${said.length + 1}`)
      await say(ben, asha, said.at(-1) ?? '')
    })
    const { messages } = await atDevice(asha, { fetch: net.fetch })
    await say(ben, asha, 'after')
    // The first stood there when it was noted how things stand.
    await expect.poll(() => messages).toEqual([...said.slice(1), 'after'])
    expect(said.length).toBeGreaterThan(1)
  })

  it('on which another person signs in is theirs: it is told nothing of the first, and says nothing as they', async () => {
    const [{ asha, ben }, cyn] = [await friends(), await makePerson(world.deps)]
    await makeFriends(world.deps, asha, cyn)
    await makeFriends(world.deps, ben, cyn)
    const { client, realtime, messages } = await atDevice(asha)
    await client.auth.login({ email: ben.email, password: ben.password })
    expect(realtime.status).toBe('connecting')
    await current(realtime)
    await say(cyn, asha, 'for Asha alone')
    await say(cyn, ben, 'for Ben')
    await expect.poll(() => messages).toEqual(['for Ben'])
    const { message } = await realtime.ask('chat:send', { to: cyn.id, text: 'Hello', clientId: newKey() })
    expect(message.from).toBe(ben.id)
    expect(messages).toEqual(['for Ben'])
  })

  it('whose connection was cut does not say as the next person what the first wanted to say', async () => {
    const [{ asha, ben }, cyn] = [await friends(), await makePerson(world.deps)]
    await makeFriends(world.deps, asha, cyn)
    await makeFriends(world.deps, ben, cyn)
    const { client, realtime, cable } = await atDevice(asha, { fetch: beside })
    cable.cut()
    await expect.poll(() => realtime.status).toBe('away')
    realtime.ask('chat:send', { to: cyn.id, text: 'Asha here', clientId: newKey() }).catch(() => undefined)
    await client.auth.login({ email: ben.email, password: ben.password })
    cable.mend()
    await current(realtime)
    await realtime.ask('typing', { to: cyn.id, typing: true })
    expect((await client.chat.getHistory(cyn.id)).items).toEqual([])
  })

  it('tells every listener, whatever another of them throws, which is reported', async () => {
    const { asha, ben } = await friends()
    const { realtime, cable, messages } = await atDevice(asha)
    const bug = new Error('in the app')
    const thrown: unknown[] = []
    const others = process.listeners('uncaughtException')
    process.removeAllListeners('uncaughtException').on('uncaughtException', (error) => thrown.push(error))
    open.push({
      close() {
        process.removeAllListeners('uncaughtException')
        for (const other of others) process.on('uncaughtException', other)
      },
    })
    const later: unknown[] = []
    for (const name of ['chat:message', 'typing'] as const)
      realtime.on(name, () => {
        throw bug
      })
    realtime.on('chat:message', ({ text }) => later.push(text))
    await say(ben, asha, 'one')
    await expect.poll(() => later).toEqual(['one'])
    cable.cut()
    await expect.poll(() => realtime.status).toBe('away')
    for (const text of ['two', 'three']) await say(ben, asha, text)
    cable.mend()
    await current(realtime)
    expect(later).toEqual(['one', 'two', 'three'])
    expect(messages).toEqual(later)
    expect(thrown).toEqual([bug, bug, bug])
  })

  it('with the bearer of another provider follows it: to nobody, to somebody, to a newer one, and to somebody else', async () => {
    const [{ asha, ben }, cyn] = [await friends(), await makePerson(world.deps)]
    await makeFriends(world.deps, asha, cyn)
    const clock = manualClock(Date.now())
    const bearer: { of: string | null } = { of: null }
    const client = createClient({ baseUrl: world.url, bearer: async () => bearer.of, clock })
    const realtime = openRealtime(client)
    open.push(realtime)
    const messages: unknown[] = []
    const statuses: string[] = []
    realtime.on('chat:message', ({ text }) => messages.push(text))
    await expect.poll(() => realtime.status).toBe('closed')
    bearer.of = asha.accessToken
    clock.advance(20)
    await current(realtime)
    realtime.onStatus((status) => statuses.push(status))

    world.clock.advance({ minutes: 14 })
    bearer.of = (await login(asha)).accessToken
    await expect.poll(() => clock.waiting).toEqual([20_000])
    clock.advance(20)
    await realtime.ask('typing', { to: cyn.id, typing: true })
    world.clock.advance({ minutes: 3 })
    await realtime.ask('typing', { to: cyn.id, typing: true })
    expect(statuses).toEqual([])

    bearer.of = (await login(ben)).accessToken
    // Any request finds it.
    await client.users.getMe()
    await current(realtime)
    await say({ ...asha, ...(await login(asha)) }, ben, 'for Ben')
    await expect.poll(() => messages).toEqual(['for Ben'])
    expect(statuses).toEqual(['connecting', 'current'])
  })

  it('with a bearer that ran out, since its provider was away, is connected again when there is another', async () => {
    const { asha } = await friends()
    const bearer = { of: asha.accessToken }
    const { realtime } = await atDevice(asha, { storage: keeping(null), bearer: async () => bearer.of })
    world.clock.advance({ minutes: 16 })
    await expect.poll(() => realtime.status).toBe('away')
    bearer.of = (await login(asha)).accessToken
    await current(realtime)
  })

  it('goes on under a renewed token, and is let go when the session ends', async () => {
    const { asha, ben } = await friends()
    const clock = manualClock(Date.now())
    const { client, realtime, messages } = await atDevice(asha, { clock })
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
