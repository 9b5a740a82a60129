import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makePerson } from '../../src/modules/accounts/factory.ts'
import { createWorld, type World } from '../../test/support/world.ts'
import { createClient } from '../src/index.ts'
import { manualClock } from './manual-clock.ts'
import { network } from './network.ts'
import { keeping, signedIn } from './signed-in.ts'

const world: World = {} as never
beforeAll(async () => void Object.assign(world, await createWorld()))
afterAll(() => world.close())

const refresh = '/api/auth/refresh'

async function open(startsAt = Date.now()) {
  const person = await makePerson(world.deps)
  const net = network()
  const clock = manualClock(startsAt)
  const storage = keeping(person.refreshToken)
  const client = await signedIn(world, person, { fetch: net.fetch, clock, storage })
  return { person, net, clock, storage, client }
}

describe('signing in', () => {
  it('keeps the refresh token where the app says, and takes the session up again after a restart', async () => {
    const { person } = await open()
    const storage = keeping(null)
    const first = createClient({ baseUrl: world.url, mode: 'native', storage })
    const { user } = await first.auth.login({ email: person.email, password: person.password })
    expect(first.session.user).toEqual(user)
    expect(storage.kept).toBeTypeOf('string')
    first.close()

    const second = createClient({ baseUrl: world.url, mode: 'native', storage })
    expect(second.session.user).toBeNull()
    expect(await second.session.restore()).toEqual(user)
    expect((await second.users.getMe()).id).toBe(person.id)
  })

  it('is nobody where nothing is kept', async () => {
    const client = createClient({ baseUrl: world.url, mode: 'native' })
    expect(await client.session.restore()).toBeNull()
    expect((await client.users.getMe().safe()).error).toMatchObject({ code: 'unauthenticated' })
  })
})

it('signing in during the renewal of somebody else: whose session this is does not depend on which answer comes later', async () => {
  const [asha, ben] = [await makePerson(world.deps), await makePerson(world.deps)]
  const browser = cookieJar()
  const client = createClient({ baseUrl: world.url, fetch: browser.fetch })
  await client.auth.login({ email: asha.email, password: asha.password })
  const { promise, resolve } = Promise.withResolvers<void>()
  browser.late.push(promise)
  const renewal = client.session.renew()
  await expect.poll(() => browser.late).toEqual([])
  const login = client.auth.login({ email: ben.email, password: ben.password })
  await fetch(`${world.url}/healthz`)
  // Where it does not wait for the renewal, it is answered before it.
  if (browser.sent.filter((path) => path === '/api/auth/login').length > 1) await login
  resolve()
  await Promise.all([login, renewal])
  expect(client.session.user?.id).toBe(ben.id)
  await client.session.renew()
  expect(client.session.user?.id).toBe(ben.id)
  client.close()
})

describe('signing in while the keychain is locked', () => {
  it('device_failed, and yet signed in; it is stored when it is open again', async () => {
    const { person, clock } = await open()
    const storage = keeping(null)
    const client = createClient({ baseUrl: world.url, mode: 'native', storage, clock })
    storage.lock({ times: 1 })
    const { error } = await client.auth.login({ email: person.email, password: person.password }).safe()
    expect(error).toMatchObject({ code: 'device_failed' })
    expect(client.session.user?.id).toBe(person.id)
    clock.advance(15)
    await expect.poll(() => storage.kept).toEqual(expect.any(String))
  })
})

describe('renewal', () => {
  it('comes by itself every five minutes', async () => {
    const { net, clock, client } = await open()
    const tokens = new Set([await client.session.token()])
    for (const times of [2, 3]) {
      world.clock.advance({ minutes: 5 })
      clock.advance(300)
      await expect.poll(() => net.to(refresh).length).toBe(times)
      await expect.poll(() => clock.waiting).toEqual([300_000])
      tokens.add(await client.session.token())
    }
    expect(tokens.size).toBe(3)
  })

  it.each([
    ['behind', -3 * 86_400_000],
    ['ahead', 3 * 86_400_000],
  ])('does not mind that the clock of the device is days %s', async (_, off) => {
    const { net, clock, client } = await open(Date.now() + off)
    expect(clock.waiting).toEqual([300_000])
    await client.users.getMe()
    expect(net.to(refresh)).toHaveLength(1)
    // Set back by somebody: how old the token is can no longer be told.
    clock.advance(-3_600)
    await client.users.getMe()
    expect(net.to(refresh)).toHaveLength(2)
  })

  it('is made before a request where it is overdue, since the device slept', async () => {
    const { net, clock, client } = await open()
    clock.advance(299)
    world.clock.advance({ hours: 2 })
    clock.advance(7_200)
    await client.users.getMe()
    expect(net.to('/api/users/me')).toHaveLength(1)
    expect(net.to(refresh)).toHaveLength(2)
  })

  it('is made once for all requests whose token is refused, and each is sent once more', async () => {
    const { net, client, person } = await open()
    world.clock.advance({ minutes: 20 })
    const answers = await Promise.all(Array.from({ length: 8 }, () => client.users.getMe()))
    expect(answers.map(({ id }) => id)).toEqual(Array(8).fill(person.id))
    expect(net.to(refresh)).toHaveLength(2)
    expect(net.to('/api/users/me')).toHaveLength(16)
  })

  it('is tried again at once where its answer was lost, which ends nothing', async () => {
    const { net, clock, storage, client } = await open()
    const before = storage.kept
    net.next('answer lost')
    const renewal = client.session.renew()
    await expect.poll(() => clock.waiting.some((ms) => ms < 1_000)).toBe(true)
    clock.advance(1)
    expect(await renewal).toBeTypeOf('string')
    expect(storage.kept).not.toBe(before)
    expect((await client.users.getMe()).id).toBe(client.session.user?.id)
  })

  it.each([
    ['the page of a hotel', () => new Response('<html>', { headers: { 'content-type': 'text/html' } })],
    ['JSON of somebody else', () => Response.json({})],
    ['a proxy that wants a password', () => new Response('<html>', { status: 401 })],
  ])('that is answered by %s ends nothing, and is tried again', async (_, answer) => {
    const { net, clock, storage, client } = await open()
    const [before, { user }] = [storage.kept, client.session]
    const heard: unknown[] = []
    client.session.onChange((change) => heard.push(change.user?.id))
    net.next(answer())
    world.clock.advance({ minutes: 5 })
    clock.advance(300)
    await expect.poll(() => clock.waiting).toEqual([15_000])
    expect([storage.kept, client.session.user, heard]).toEqual([before, user, []])
    clock.advance(15)
    await expect.poll(() => heard).toEqual([user?.id])
    expect(storage.kept).not.toBe(before)
  })

  it('is not waited for by a request that is given up, and goes on for the others', async () => {
    const { net, clock, client } = await open()
    net.next('silence')
    clock.advance(300)
    await expect.poll(() => net.to(refresh).length).toBe(2)
    const control = new AbortController()
    const given = client.users.getMe({ signal: control.signal }).safe()
    const other = client.users.getMe()
    control.abort()
    expect((await given).error).toMatchObject({ code: 'aborted' })
    expect(net.to('/api/users/me')).toHaveLength(0)
    clock.advance(8)
    await expect.poll(() => clock.waiting.some((ms) => ms < 1_000)).toBe(true)
    clock.advance(1)
    expect((await other).id).toBe(client.session.user?.id)
  })

  it('goes on by what it brought while the keychain is locked, which is stored when it is open again', async () => {
    const { clock, storage, client } = await open()
    const before = storage.kept
    storage.lock({ times: 2 })
    await client.session.renew()
    // By the one that is nowhere else: the first ends the session when it is used again.
    world.clock.advance({ minutes: 1 })
    await client.session.renew()
    expect(client.session.user).not.toBeNull()
    expect(storage.kept).toBe(before)
    clock.advance(15)
    await expect.poll(() => storage.kept).not.toBe(before)
    const again = createClient({ baseUrl: world.url, mode: 'native', storage })
    world.clock.advance({ minutes: 1 })
    expect(await again.session.restore()).toEqual(client.session.user)
  })

  it('fails for a while without signing out: the token is good until it ends', async () => {
    const { net, clock, client } = await open()
    net.next('never sent', 'never sent', 'never sent')
    clock.advance(300)
    for (const times of [2, 3, 4]) {
      await expect.poll(() => net.to(refresh).length).toBe(times)
      // For the next attempt, and after the last of them for the next renewal.
      await expect.poll(() => clock.waiting.some((ms) => ms < 16_000)).toBe(true)
      if (times < 4) clock.advance(1)
    }
    expect(client.session.user).not.toBeNull()
    expect((await client.users.getMe()).id).toBe(client.session.user?.id)
  })
})

describe('the end of a session', () => {
  it('by signing out forgets what was kept, and tells who listens', async () => {
    const { client, storage, net } = await open()
    const heard: unknown[] = []
    client.session.onChange(({ user, token }) => heard.push(user ?? token))
    await client.auth.logout()
    expect(heard).toEqual([null])
    expect([storage.kept, client.session.user]).toEqual([null, null])
    const sent = net.sent.length
    expect((await client.users.getMe().safe()).error).toMatchObject({ code: 'unauthenticated' })
    expect(net.sent).toHaveLength(sent + 1)
  })

  it('is heard by every listener, whatever another of them throws, which is reported', async () => {
    const { client } = await open()
    const bug = new Error('in the app')
    const heard: unknown[] = []
    client.session.onChange(() => {
      throw bug
    })
    client.session.onChange(({ user }) => heard.push(user))
    const reported = once(process, 'uncaughtException')
    await client.auth.logout()
    expect(heard).toEqual([null])
    expect((await reported)[0]).toBe(bug)
  })

  it('by signing out ends it here even while the keychain is locked, which forgets later', async () => {
    const { clock, storage, client } = await open()
    storage.lock({ times: 1 })
    await client.auth.logout()
    expect([client.session.user, await client.session.restore()]).toEqual([null, null])
    clock.advance(15)
    await expect.poll(() => storage.kept).toBeNull()
  })

  it('on every device is found at the next request, by one attempt to renew', async () => {
    const { person, client, storage, net } = await open()
    const other = await signedIn(world, person, { storage: keeping(storage.kept) })
    await other.auth.logoutAll()
    const [first, second] = await Promise.all([client.users.getMe().safe(), client.courses.listMine().safe()])
    expect([first.error?.code, second.error?.code]).toEqual(['unauthenticated', 'unauthenticated'])
    expect([storage.kept, client.session.user]).toEqual([null, null])
    expect(net.to(refresh)).toHaveLength(2)
  })

  it('while a renewal is under way: what it brings is not kept', async () => {
    const { client, net, storage } = await open()
    const { promise, resolve } = Promise.withResolvers<void>()
    net.before(({ path }) => (path === refresh ? promise : undefined))
    const renewal = client.session.renew()
    await client.auth.logout()
    resolve()
    expect(await renewal).toBeNull()
    expect([storage.kept, client.session.user]).toEqual([null, null])
  })
})

/** What a browser adds to `fetch`: cookies, as they arrive. */
function cookieJar() {
  let cookie = ''
  /** What the next answers wait for on their way. */
  const late: Promise<void>[] = []
  const sent: string[] = []
  return {
    late,
    sent,
    async fetch(input: Parameters<typeof fetch>[0], init: Parameters<typeof fetch>[1] = {}) {
      sent.push(new URL(String(input)).pathname)
      const answer = await fetch(input, { ...init, headers: { ...init.headers, cookie } })
      await late.shift()
      for (const set of answer.headers.getSetCookie()) cookie = set.split(';')[0] ?? ''
      return answer
    },
  }
}
