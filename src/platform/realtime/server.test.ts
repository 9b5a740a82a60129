import type { Socket } from 'node:net'
import fc from 'fast-check'
import { Type } from 'typebox'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { connectDevice, type Device } from '../../../test/support/device.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { makePerson, type Person } from '../../modules/accounts/factory.ts'
import { createAuthenticate } from '../../modules/accounts/index.ts'
import type { Deps } from '../deps.ts'
import { only, signedIn } from '../http/policy.ts'
import { notFound, refuse } from '../http/refusal.ts'
import { Closed } from '../http/schemas.ts'
import { createHttp } from '../http/server.ts'
import { defineSocketPush, defineSocketRequest } from './contract.ts'
import { createSignalFanout, type Fanout, type Receiver } from './fanout.ts'
import { createMemoryRoster } from './roster.ts'
import { serveRealtime } from './server.ts'
import { createSockets } from './sockets.ts'

const greeting = defineSocketPush('test:greeting', 'For this test.', Type.Object({ text: Type.String() }))

const base = { summary: 'For this test.', policy: signedIn, limit: { count: 1_000, seconds: 60 } }
const Text = Closed({ text: Type.String({ maxLength: 100 }) })
const done: string[] = []
const requests = [
  defineSocketRequest({
    ...base,
    name: 'test:echo',
    input: Text,
    reply: Text,
    // what its schema does not list must not leave
    handle: async (_deps, _actor, { text }) => ({ text, secret: 'x' }),
  }),
  defineSocketRequest({
    ...base,
    name: 'test:slow',
    input: Text,
    reply: Closed({}),
    async handle(_deps, _actor, { text }) {
      for (let turn = text === 'first' ? 50 : 0; turn > 0; turn--) await new Promise(setImmediate)
      done.push(text)
      return {}
    },
  }),
  defineSocketRequest({
    ...base,
    name: 'test:refuse',
    input: Closed({}),
    reply: Closed({}),
    handle: async () => {
      throw refuse(notFound)
    },
  }),
  defineSocketRequest({
    ...base,
    name: 'test:fail',
    input: Closed({}),
    reply: Closed({}),
    handle: async () => {
      throw new Error('the password is 123')
    },
  }),
  defineSocketRequest({
    ...base,
    name: 'test:admins',
    policy: only('admin'),
    input: Closed({}),
    reply: Closed({}),
    handle: async () => ({}),
  }),
  defineSocketRequest({
    ...base,
    name: 'test:rare',
    limit: { count: 2, seconds: 60 },
    input: Closed({}),
    reply: Closed({}),
    handle: async () => ({}),
  }),
]

const here: { world: World; url: string; deps: Deps; receiver: Receiver; close: () => Promise<void> } =
  {} as never

beforeAll(async () => {
  here.world = await createWorld({ config: { rateLimits: true } })
  const { deps } = here.world
  const { metrics, log } = deps
  const signalled = createSignalFanout(deps)
  const fanout: Fanout = {
    ...signalled,
    receive(receiver) {
      here.receiver = receiver
      return signalled.receive(receiver)
    },
  }
  const sockets = createSockets({ fanout, roster: createMemoryRoster(), metrics, log, offlineAfterMs: 1_000 })
  here.deps = { ...deps, sockets }
  const authenticate = createAuthenticate(here.deps)
  const app = await createHttp(here.deps, authenticate)
  await serveRealtime(app, here.deps, { authenticate, parts: [{ requests }] })
  here.url = await app.listen({ host: '127.0.0.1', port: 0 })
  here.close = () => app.close()
})
afterAll(async () => {
  await here.close()
  await here.world.close()
})

/** A device that leaves all that comes where it is. @returns its id */
async function stopReading({ accessToken }: Person): Promise<string> {
  const { id, socket } = await connect(accessToken)
  const { ws } = socket.io.engine.transport as unknown as { ws: { _socket: Socket } }
  ws._socket.pause()
  return id
}

/** One that has said who it is, and does not ask again. @returns its id */
async function stopPolling({ accessToken }: Person): Promise<string> {
  const base = `${here.url}/realtime?EIO=4&transport=polling`
  const opened = await (await fetch(base)).text()
  const session = `${base}&sid=${JSON.parse(opened.slice(1)).sid}`
  await fetch(session, { method: 'POST', body: `40${JSON.stringify({ token: accessToken })}` })
  const joined = await (await fetch(session)).text()
  return JSON.parse(joined.slice(2)).sid
}

const person = (wish = {}): Promise<Person> => makePerson(here.deps, wish)
const connect = (token: unknown): Promise<Device> => connectDevice(here.url, token)
const refused = (token: unknown) => connect(token).catch((data) => data)

describe('the handshake', () => {
  it.each([undefined, null, 7, '', 'nonsense', { a: 1 }, 'a.b.c'])(
    'unauthenticated: token %j',
    async (token) => {
      expect(await refused(token)).toMatchObject({ code: 'unauthenticated' })
    },
  )

  it('unauthenticated: a token that has run out, or whose session has ended', async () => {
    const ended = await person()
    await here.world.client.as(ended.accessToken).post('/api/auth/logout')
    expect(await refused(ended.accessToken)).toMatchObject({ code: 'unauthenticated' })
    const late = await person()
    here.world.clock.advance({ minutes: 15 })
    expect(await refused(late.accessToken)).toMatchObject({ code: 'unauthenticated' })
  })

  it('too_many_connections: the 21st and all others of 200 from one account, and nobody else', async () => {
    const { accessToken } = await person()
    const many = await Promise.allSettled(Array.from({ length: 200 }, () => connect(accessToken)))
    const inside = many.filter((one) => one.status === 'fulfilled')
    const outside = many.filter((one) => one.status === 'rejected')
    expect(inside).toHaveLength(20)
    for (const { reason } of outside) expect(reason).toMatchObject({ code: 'too_many_connections' })
    const other = await connect((await person()).accessToken)
    const [first] = inside
    first?.value.close()
    await vi.waitFor(async () => (await connect(accessToken)).close(), 10_000)
    for (const { value } of inside) value.close()
    other.close()
  })
})

describe('a push', () => {
  it('comes to every device of the person but the one that is left out, and to nobody else', async () => {
    const [asha, ravi] = [await person(), await person()]
    const [phone, laptop, other] = await Promise.all([
      connect(asha.accessToken),
      connect(asha.accessToken),
      connect(ravi.accessToken),
    ])
    await here.deps.sockets.push(greeting, [asha.id], { text: 'one' }, phone.id)
    await here.deps.sockets.push(greeting, [asha.id], { text: 'two', secret: 'x' } as never)
    expect(await laptop.next('test:greeting')).toEqual({ text: 'one' })
    expect(await laptop.next('test:greeting')).toEqual({ text: 'two' })
    await Promise.all([phone.settled(), other.settled()])
    expect(phone.pushes).toEqual([{ name: 'test:greeting', payload: { text: 'two' } }])
    expect(other.pushes).toEqual([])
  })
})

describe('pushes that were lost on the way from other nodes', () => {
  it('end the transports of all devices, whose clients then connect again and catch up', async () => {
    const device = await connect((await person()).accessToken)
    here.receiver.missed()
    // After this, and not after "io server disconnect", Socket.IO's client connects by itself.
    expect(await device.gone).toBe('transport close')
    expect(device.pushes).toEqual([])
  })
})

describe('a request', () => {
  it('is answered with what its schema lists', async () => {
    const device = await connect((await person()).accessToken)
    expect(await device.ask('test:echo', { text: 'hi' })).toEqual({ ok: true, text: 'hi' })
  })

  it.each([
    ['a field missing', {}, '/text'],
    ['a field that is not known', { text: 'a', more: 1 }, '/more'],
    ['a wrong type', { text: 7 }, '/text'],
    ['no object', [], ''],
    ['null', null, ''],
    ['U+0000', { text: 'a\0' }, '/text'],
    ['half a surrogate pair', { text: '\ud800' }, '/text'],
    ['bytes', Buffer.from('abc'), ''],
    ['bytes in a field', { text: Buffer.from('abc') }, ''],
    ['lists nested without end', { text: JSON.parse('['.repeat(1_000) + ']'.repeat(1_000)) }, ''],
  ])('validation_failed: %s', async (_what, input, path) => {
    const device = await connect((await person()).accessToken)
    const reply = await device.ask('test:echo', input)
    expect(reply).toMatchObject({ ok: false, code: 'validation_failed' })
    expect(reply.errors.map((error: { path: string }) => error.path)).toContain(path)
  })

  it.each([
    ['bytes, 60 kB of them', Buffer.alloc(60_000), 1],
    [
      '2,000 unknown fields',
      Object.fromEntries(Array.from({ length: 2_000 }, (_, at) => [`x${at}`, 1])),
      100,
    ],
    ['6,000 unknown fields', Object.fromEntries(Array.from({ length: 6_000 }, (_, at) => [`x${at}`, 1])), 1],
  ])('validation_failed, in a small answer: %s', async (_what, input, listed) => {
    const device = await connect((await person()).accessToken)
    const reply = await device.ask('test:echo', input)
    expect({ code: reply.code, listed: reply.errors.length }).toEqual({ code: 'validation_failed', listed })
    expect(JSON.stringify(reply).length).toBeLessThan(20_000)
  })

  it('validation_failed: more than one argument', async () => {
    const { socket } = await connect((await person()).accessToken)
    const reply = await socket.emitWithAck('test:echo', { text: 'a' }, { text: 'b' })
    expect(reply).toMatchObject({ ok: false, code: 'validation_failed' })
  })

  it.each(['nothing', 'constructor', '__proto__', 'error', 'chat:send ', ''])(
    'unknown_event: %j',
    async (name) => {
      const device = await connect((await person()).accessToken)
      expect(await device.ask(name, {})).toMatchObject({ ok: false, code: 'unknown_event' })
    },
  )

  it('says the code of a refusal, and of an error nothing but an id', async () => {
    const device = await connect((await person()).accessToken)
    expect(await device.ask('test:refuse')).toMatchObject({ ok: false, code: 'not_found' })
    const failed = await device.ask('test:fail')
    expect(failed).toMatchObject({ ok: false, code: 'internal_error', requestId: expect.any(String) })
    expect(JSON.stringify(failed)).not.toContain('123')
  })

  it('forbidden: another role than the policy has', async () => {
    const device = await connect((await person()).accessToken)
    expect(await device.ask('test:admins')).toMatchObject({ ok: false, code: 'forbidden' })
    const admin = await connect((await person({ role: 'admin' })).accessToken)
    expect(await admin.ask('test:admins')).toEqual({ ok: true })
  })

  it('rate_limited: more than its limit, over all devices of the person', async () => {
    const { accessToken } = await person()
    const [one, two] = [await connect(accessToken), await connect(accessToken)]
    expect(await one.ask('test:rare')).toEqual({ ok: true })
    expect(await two.ask('test:rare')).toEqual({ ok: true })
    const reply = await two.ask('test:rare')
    expect(reply).toMatchObject({ ok: false, code: 'rate_limited', retryAfterSeconds: expect.any(Number) })
    expect(await (await connect((await person()).accessToken)).ask('test:rare')).toEqual({ ok: true })
  })

  it('is done after those that the device sent before it, also where no acknowledgement is wanted', async () => {
    const device = await connect((await person()).accessToken)
    device.socket.emit('test:slow', { text: 'first' })
    device.socket.emit('test:slow', { text: 'second' })
    await device.ask('test:slow', { text: 'third' })
    expect(done).toEqual(['first', 'second', 'third'])
  })
})

describe('the session of a connection', () => {
  it('session:ended: on logout, for the devices of that session alone', async () => {
    const asha = await person()
    const { body } = await here.world.client.post('/api/auth/login', {
      email: asha.email,
      password: asha.password,
    })
    const [phone, laptop] = [await connect(asha.accessToken), await connect(body.accessToken)]
    await here.world.client.as(asha.accessToken).post('/api/auth/logout')
    expect(await phone.next('session:ended')).toEqual({ reason: 'ended' })
    expect(await phone.gone).toBe('io server disconnect')
    expect(await laptop.ask('test:echo', { text: 'still' })).toMatchObject({ ok: true })
  })

  it('session:ended: on suspension', async () => {
    const [asha, admin] = [await person(), await person({ role: 'admin' })]
    const device = await connect(asha.accessToken)
    await here.world.client.as(admin.accessToken).patch(`/api/users/${asha.id}`, { status: 'suspended' })
    expect(await device.next('session:ended')).toEqual({ reason: 'ended' })
    await device.gone
  })

  it('unauthenticated once the token has run out, then session:ended after the grace', async () => {
    const device = await connect((await person()).accessToken)
    here.world.clock.advance({ minutes: 15 })
    expect(await device.ask('test:echo', { text: 'a' })).toMatchObject({ ok: false, code: 'unauthenticated' })
    here.world.clock.advance({ seconds: 31 })
    expect(await device.next('session:ended')).toEqual({ reason: 'expired' })
    await device.gone
  })

  it('goes on under a token that was renewed, even in the grace; not under one of somebody else', async () => {
    const asha = await person()
    const device = await connect(asha.accessToken)
    here.world.clock.advance({ minutes: 15, seconds: 1 })
    const stranger = await person()
    expect(await device.ask('session:renew', { token: stranger.accessToken })).toMatchObject({
      code: 'unauthenticated',
    })
    expect(await device.ask('session:renew', { token: asha.accessToken })).toMatchObject({
      code: 'unauthenticated',
    })
    const { body } = await here.world.client.post('/api/auth/login', {
      email: asha.email,
      password: asha.password,
    })
    expect(await device.ask('session:renew', { token: body.accessToken })).toEqual({
      ok: true,
      expiresAt: body.accessTokenExpiresAt,
    })
    here.world.clock.advance({ minutes: 10 })
    expect(await device.ask('test:echo', { text: 'a' })).toMatchObject({ ok: true })
    // It hangs on the new session now.
    await here.world.client.as(body.accessToken).post('/api/auth/logout')
    expect(await device.next('session:ended')).toEqual({ reason: 'ended' })
  })
})

describe('bad input', () => {
  it('an oversized frame ends its own connection and no other', async () => {
    const [bad, good] = [
      await connect((await person()).accessToken),
      await connect((await person()).accessToken),
    ]
    bad.socket.emit('test:echo', { text: 'x'.repeat(70_000) })
    expect(await bad.gone).toBe('transport close')
    expect(await good.ask('test:echo', { text: 'a' })).toMatchObject({ ok: true })
  })

  it.each([
    ['WebSocket', stopReading],
    ['long polling', stopPolling],
  ])('a device that reads nothing is cut off before it fills the memory: %s', async (_by, stop) => {
    const asha = await person()
    const laptop = await connect(asha.accessToken)
    const devices = () => here.deps.sockets.devicesOf(asha.id).map(({ socketId }) => socketId)
    const phoneId = await stop(asha)
    expect(devices()).toEqual([laptop.id, phoneId])
    const text = 'x'.repeat(60_000)
    // More than the buffers of the operating system take.
    for (let n = 1; n <= 400; n++) {
      await here.deps.sockets.push(greeting, [asha.id], { text })
      if (n % 8 === 0) await laptop.settled()
    }
    // Sooner than a ping would tell: that takes nine seconds.
    await vi.waitFor(() => expect(devices()).toEqual([laptop.id]), { timeout: 5_000 })
    expect(laptop.pushes).toHaveLength(400)
    expect(await laptop.ask('test:echo', { text: 'a' })).toMatchObject({ ok: true })
  })

  it('a flood of what is refused ends the connection', async () => {
    const device = await connect((await person()).accessToken)
    for (let n = 0; n < 300; n++) device.socket.emit('nothing')
    expect(await device.gone).toBe('io server disconnect')
  })

  it('whatever is sent: never an internal_error, and the server lives', { timeout: 60_000 }, async () => {
    const name = fc.oneof(fc.string(), fc.constantFrom('test:echo', 'session:renew', 'test:refuse'))
    const input = fc.oneof(
      fc.jsonValue(),
      fc.record({ text: fc.jsonValue() }),
      fc.record({ token: fc.string() }),
    )
    const { accessToken } = await person()
    const reserved = new Set([
      'connect',
      'connect_error',
      'disconnect',
      'disconnecting',
      'newListener',
      'removeListener',
    ])
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(name, fc.array(input, { maxLength: 3 })), { maxLength: 20 }),
        async (asks) => {
          const device = await connect(accessToken)
          for (const [name, args] of asks) {
            if (reserved.has(name)) continue
            const reply = await device.socket.timeout(5_000).emitWithAck(name, ...args)
            expect(reply.ok ? 'ok' : reply.code).toMatch(
              /^(ok|unknown_event|validation_failed|unauthenticated|not_found|rate_limited)$/,
            )
          }
          device.close()
        },
      ),
      { numRuns: 40 },
    )
    expect(await (await connect((await person()).accessToken)).ask('test:echo', { text: 'a' })).toMatchObject(
      { ok: true },
    )
  })

  it('whatever frame is sent: the server lives', { timeout: 60_000 }, async () => {
    const { accessToken } = await person()
    const frame = fc.oneof(
      fc.string(),
      fc.stringMatching(/^[0-6]{0,2}(\/[a-z]*,)?[0-9]{0,3}(\[|\{|")?.{0,40}$/),
      fc.constantFrom(
        '42["test:echo"',
        '451-["a",{"_placeholder":true,"num":9}]',
        '40/x,',
        '41',
        '3',
        '42[1]',
        '430[]',
        '44{}',
      ),
      fc.uint8Array({ maxLength: 50 }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(frame, { maxLength: 10 }), async (frames) => {
        const device = await connect(accessToken)
        const { engine } = device.socket.io
        for (const frame of frames)
          (engine.transport as unknown as { ws: WebSocket }).ws.send(frame as string)
        device.close()
      }),
      { numRuns: 60 },
    )
    await vi.waitFor(async () => (await connect(accessToken)).close(), 10_000)
    expect(await (await connect((await person()).accessToken)).ask('test:echo', { text: 'a' })).toMatchObject(
      { ok: true },
    )
  })
})

describe('declarations', () => {
  const [echo] = requests
  it.each([
    ['the same name twice', [echo, echo]],
    ['unknown fields', [{ ...echo, input: Type.Object({}) }]],
    ['nobody in particular', [{ ...echo, policy: { ...signedIn, token: 'optional' } }]],
  ])('do not start with %s', async (_what, wrong) => {
    const authenticate = createAuthenticate(here.deps)
    const app = await createHttp(here.deps, authenticate)
    await expect(
      serveRealtime(app, here.deps, { authenticate, parts: [{ requests: wrong as typeof requests }] }),
    ).rejects.toThrow()
    await app.close()
  })
})
