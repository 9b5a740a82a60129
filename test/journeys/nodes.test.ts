import { mkdtemp, rm } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { makePerson, type Person } from '../../src/modules/accounts/factory.ts'
import { makeFriends } from '../../src/modules/friends/factory.ts'
import { newId } from '../../src/platform/ids.ts'
import { connectDevice, type Device } from '../support/device.ts'
import { type Client, httpClient } from '../support/http.ts'
import { type RedisServer, redisInstalled, redisMissing, startRedis } from '../support/redis.ts'
import { freePort, type ServerProcess, startServer, startWorker } from '../support/server.ts'
import { createWorld, type World } from '../support/world.ts'

interface Node {
  readonly port: number
  server: ServerProcess
}

/** A message as it is acknowledged and pushed. */
interface Said {
  readonly id: string
  readonly sequence: number
}

const outageMs = 10_000
const patience = { timeout: 20_000, interval: 50 }
/** What docs/realtime.md promises of whoever is lost without a word: nine seconds, five, and the way. */
const offlineWithin = { timeout: 15_000, interval: 50 }

describe('two nodes, a worker and a Redis', () => {
  if (!redisInstalled()) {
    it('are one school', ({ skip }) => skip(redisMissing))
    return
  }
  let world: World
  let data: string
  let redis: RedisServer
  let env: Record<string, string>
  let a: Node
  let b: Node
  let worker: ReturnType<typeof startWorker>
  const devices: Device[] = []

  beforeAll(async () => {
    world = await createWorld()
    data = await mkdtemp(join(tmpdir(), 'lectern-nodes-'))
    redis = await startRedis()
    env = {
      DATABASE_URL: world.databaseUrl,
      REDIS_URL: redis.url,
      ACCESS_TOKEN_SECRET: world.deps.config.accessTokenSecrets.join(','),
      JOBS: 'off',
    }
    a = await startNode()
    b = await startNode()
    worker = startWorker(data, env)
  }, 120_000)
  afterAll(async () => {
    for (const device of devices) device.close()
    await Promise.all([a.server.stop(), b.server.stop(), worker.stop()])
    await redis.stop()
    await world.close()
    await rm(data, { recursive: true, force: true })
  })

  async function startNode(port?: number): Promise<Node> {
    const at = port ?? (await freePort())
    return { port: at, server: await startServer({ data, port: at, env }) }
  }

  async function connect(node: Node, { accessToken }: Person): Promise<Device> {
    const device = await connectDevice(`http://127.0.0.1:${node.port}`, accessToken)
    devices.push(device)
    return device
  }

  const stillOn = async (node: Node, person: Person, device: Device): Promise<Device> =>
    device.socket.connected ? device : connect(node, person)

  const on = (node: Node, { accessToken }: Person): Client =>
    httpClient(`http://127.0.0.1:${node.port}`, accessToken)

  async function makeTwo(): Promise<readonly [asha: Person, ben: Person]> {
    const two = [
      await makePerson(world.deps, { name: 'Asha' }),
      await makePerson(world.deps, { name: 'Ben' }),
    ] as const
    await makeFriends(world.deps, ...two)
    return two
  }

  const say = (from: Device, to: Person, text: string) =>
    from.ask('chat:send', { to: to.id, text, clientId: newId() })

  it('carry chat, presence, calls, notifications and the end of a session from one to the other', {
    timeout: 60_000,
  }, async () => {
    const [asha, ben] = await makeTwo()
    const ashas = await connect(a, asha)
    await ashas.ask('presence:watch', { userIds: [ben.id] })
    const bens = await connect(b, ben)
    expect(await ashas.next('presence')).toMatchObject({ userId: ben.id, online: true })

    await say(ashas, ben, 'Hello')
    expect(await bens.next('chat:message')).toMatchObject({ from: asha.id, text: 'Hello' })
    await bens.ask('typing', { to: asha.id, typing: true })
    expect(await ashas.next('typing')).toEqual({ from: ben.id, typing: true })

    const { callId } = await ashas.ask('call:invite', { to: ben.id, media: 'audio' })
    expect(await bens.next('call:incoming')).toMatchObject({ callId, from: asha.id })
    expect(await bens.ask('call:accept', { callId })).toMatchObject({ ok: true })
    expect(await ashas.next('call:accepted')).toMatchObject({ callId })
    await ashas.ask('call:signal', { callId, candidate: null })
    expect(await bens.next('call:signal')).toMatchObject({ callId, candidate: null })
    await ashas.ask('call:hangup', { callId })
    expect(await bens.next('call:ended')).toMatchObject({ callId })

    // This one is pushed by the worker, which has no sockets of its own.
    const carl = await makePerson(world.deps, { name: 'Carl' })
    await on(a, carl).post('/api/friends/request', { userId: ben.id })
    await vi.waitFor(
      () =>
        expect(toldOf(bens, 'notification')).toContainEqual(
          expect.objectContaining({ kind: 'friend_request' }),
        ),
      patience,
    )

    await on(a, ben).post('/api/auth/logout')
    expect(await bens.next('session:ended')).toEqual({ reason: 'ended' })
    expect((await on(b, ben).get('/api/users/me')).status).toBe(401)
    await tellsOf(ashas, { userId: ben.id, online: false })
  })

  it('lose no acknowledged message when one is killed under load, and say who was on it that they are gone', {
    timeout: 120_000,
  }, async () => {
    const pairs = await Promise.all([1, 2, 3, 4].map(() => makeTwo()))
    const load = Promise.withResolvers<void>()
    let acknowledged = 0

    // Ben's device is on the node that is going to die, Asha's on the other; each writes to the other as fast as it is answered.
    const lines = await Promise.all(
      pairs.map(async ([asha, ben]) => {
        const [ashas, bens] = [await connect(a, asha), await connect(b, ben)]
        await ashas.ask('presence:watch', { userIds: [ben.id] })
        return { asha, ben, ashas, bens }
      }),
    )
    const talk = async (device: Device, to: Person): Promise<Said[]> => {
      const said: Said[] = []
      while (device.socket.connected && !b.server.process.killed) {
        const reply = await say(device, to, newId()).catch(() => null)
        if (reply?.ok) said.push(reply.message)
        if (reply?.ok && ++acknowledged === 150) load.resolve()
      }
      return said
    }
    const talks = lines.map(({ asha, ben, ashas, bens }) => Promise.all([talk(ashas, ben), talk(bens, asha)]))
    await load.promise
    await b.server.kill()
    await Promise.all(
      lines.map(({ ashas, ben }) => tellsOf(ashas, { userId: ben.id, online: false }, offlineWithin)),
    )
    const said = await Promise.all(talks)
    b = await startNode(b.port)
    expect(acknowledged).toBeGreaterThanOrEqual(150)

    for (const [n, { asha, ben, ashas, bens }] of lines.entries()) {
      const [byAsha = [], byBen = []] = said[n] ?? []
      expect(byAsha.length * byBen.length).toBeGreaterThan(0)
      // What the dead node acknowledged, it had pushed to Asha, who was connected all the time and has asked for nothing.
      expect(missing(byBen, heardBy(ashas))).toEqual([])

      // Ben comes back on the other node, and asks for what comes after the last message up to which he has all.
      const back = await connect(a, ben)
      expect(await tellsOf(ashas, { userId: ben.id, online: true })).toBeDefined()
      const had = [...byBen, ...heardBy(bens)]
      const caughtUp = await readAfter(on(a, ben), asha, lastWithoutGap(had))
      expect(missing(byAsha, [...had, ...caughtUp])).toEqual([])
      await say(ashas, ben, 'And now?')
      expect(await back.next('chat:message')).toMatchObject({ text: 'And now?' })
    }
  })

  it('say of somebody whose connection dies without a word that they are gone', {
    timeout: 60_000,
  }, async () => {
    const [asha, ben] = await makeTwo()
    const [ashas, bens] = [await connect(a, asha), await connect(b, ben)]
    await ashas.ask('presence:watch', { userIds: [ben.id] })
    const { ws } = bens.socket.io.engine.transport as unknown as { ws: { _socket: Socket } }
    ws._socket.pause()
    await tellsOf(ashas, { userId: ben.id, online: false }, offlineWithin)
  })

  it('go on without Redis for ten seconds, each for itself, and are one again when it is back', {
    timeout: 90_000,
  }, async () => {
    const [asha, ben] = await makeTwo()
    const [ashas, tablet, bens] = [await connect(a, asha), await connect(a, ben), await connect(b, ben)]
    await redis.stop()
    const back = wait(outageMs)
    let over = false
    void back.then(() => {
      over = true
    })
    const { callId } = await ashas.ask('call:invite', { to: ben.id, media: 'audio' })
    expect(await tablet.next('call:incoming')).toMatchObject({ callId, from: asha.id })
    expect(await tablet.ask('call:accept', { callId })).toMatchObject({ ok: true })
    expect(await ashas.next('call:accepted')).toMatchObject({ callId })
    expect(await ashas.ask('call:hangup', { callId })).toMatchObject({ ok: true })
    expect(await tablet.next('call:ended')).toMatchObject({ callId })
    const carl = await makePerson(world.deps, { name: 'Carl' })
    await on(a, carl).post('/api/friends/request', { userId: ben.id })

    // What alerts ask says so; what the balancer asks leaves both where they are.
    for (const { server } of [a, b]) {
      expect(await server.client.get('/readyz')).toMatchObject({ status: 503, body: { cache: 'failed' } })
      const { status, body } = await server.client.get('/readyz?exclude=cache')
      expect({ status, body }).toMatchObject({ status: 200, body: { status: 'ready', cache: 'failed' } })
    }
    let said = 0
    while (!over) {
      for (const node of [a, b]) expect((await on(node, asha).get('/api/users/me')).status).toBe(200)
      expect(await say(ashas, ben, String(++said))).toMatchObject({ ok: true })
      expect(await tablet.next('chat:message')).toMatchObject({ text: String(said) })
    }
    expect(said).toBeGreaterThan(10)
    for (const device of [ashas, tablet, bens]) expect(device.socket.connected).toBe(true)
    const { body } = await on(b, ben).get('/api/notifications')
    expect(body.items).toContainEqual(expect.objectContaining({ kind: 'friend_request' }))
    expect(toldOf(tablet, 'notification')).toEqual([])

    redis = await startRedis({ port: redis.port })
    const texts = () => toldOf<{ text: string }>(bens, 'chat:message').map(({ text }) => Number(text))
    await toldOrLetGo(bens, () => expect(texts()).toEqual(Array.from({ length: said }, (_, n) => n + 1)))
    // The worker's push has waited in the worker.
    for (const device of [tablet, bens])
      await toldOrLetGo(device, () =>
        expect(toldOf(device, 'notification')).toContainEqual(
          expect.objectContaining({ kind: 'friend_request' }),
        ),
      )
    const { body: history } = await on(b, ben).get(`/api/chat/history/${asha.id}?limit=1`)
    expect(history.items[0]).toMatchObject({ sequence: said, text: String(said) })
    const [ashasNow, bensNow] = [await stillOn(a, asha, ashas), await stillOn(b, ben, bens)]
    await say(bensNow, asha, 'again')
    expect(await ashasNow.next('chat:message')).toMatchObject({ text: 'again' })
    await vi.waitFor(async () => {
      const { body } = await on(b, ben).get(`/api/presence?userIds=${asha.id}`)
      expect(body.people).toEqual([{ userId: asha.id, online: true, lastSeenAt: null }])
    }, patience)
    expect((await on(a, asha).get('/readyz')).status).toBe(200)
  })
})

/** The payloads of what was pushed to a device under a name, in order. */
function toldOf<Payload>({ pushes }: Device, name: string): Payload[] {
  return pushes.filter((push) => push.name === name).map(({ payload }) => payload as Payload)
}
const heardBy = (device: Device) => toldOf<Said>(device, 'chat:message')

/** A node that cannot tell whether it has missed a push lets its clients go, so that they catch up; else all comes late. */
async function toldOrLetGo(device: Device, told: () => void): Promise<void> {
  await Promise.race([device.gone, vi.waitFor(told, patience)])
}

/** Resolves when the device has been told so of somebody. */
function tellsOf(device: Device, presence: { userId: string; online: boolean }, within = patience) {
  return vi.waitFor(
    () => expect(toldOf(device, 'presence')).toContainEqual(expect.objectContaining(presence)),
    within,
  )
}

function missing(said: readonly Said[], heard: readonly Said[]): Said[] {
  const ids = new Set(heard.map(({ id }) => id))
  return said.filter(({ id }) => !ids.has(id))
}

/** Up to which sequence somebody has every message of a conversation. */
function lastWithoutGap(had: readonly Said[]): number {
  const sequences = new Set(had.map(({ sequence }) => sequence))
  let last = 0
  while (sequences.has(last + 1)) last++
  return last
}

/** What was said after a message, page by page, as docs/realtime.md tells clients to catch up. */
async function readAfter(client: Client, { id }: Person, after: number): Promise<Said[]> {
  const said: Said[] = []
  for (let cursor = ''; ; ) {
    const { status, body } = await client.get(`/api/chat/history/${id}?after=${after}&limit=100${cursor}`)
    expect(status).toBe(200)
    said.push(...body.items)
    if (body.nextCursor === null) return said
    cursor = `&cursor=${body.nextCursor}`
  }
}
