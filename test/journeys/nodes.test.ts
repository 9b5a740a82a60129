import { mkdtemp, rm } from 'node:fs/promises'
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

const outageMs = 10_000
const patience = { timeout: 20_000, interval: 50 }

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
        expect(bens.pushes).toContainEqual({
          name: 'notification',
          payload: expect.objectContaining({ kind: 'friend_request' }),
        }),
      patience,
    )

    await on(a, ben).post('/api/auth/logout')
    expect(await bens.next('session:ended')).toEqual({ reason: 'ended' })
    expect((await on(b, ben).get('/api/users/me')).status).toBe(401)
    await vi.waitFor(
      () =>
        expect(ashas.pushes).toContainEqual({
          name: 'presence',
          payload: expect.objectContaining({ userId: ben.id, online: false }),
        }),
      patience,
    )
  })

  it('lose no acknowledged message when one is killed under load, and say who was on it that they are gone', {
    timeout: 90_000,
  }, async () => {
    const pairs = await Promise.all([1, 2, 3, 4].map(() => makeTwo()))
    const [watcher, watched] = pairs[0] ?? []
    if (!watcher || !watched) throw new Error('there is nobody')
    const acknowledged: { by: Person; text: string }[] = []
    const heard = new Set<string>()
    const load = Promise.withResolvers<void>()

    // Each of Ben's devices, on the node that is going to die, is written to from the other node, and writes to it.
    const streams = pairs.map(async ([asha, ben]) => {
      const [ashas, bens] = [await connect(a, asha), await connect(b, ben)]
      if (asha === watcher) await ashas.ask('presence:watch', { userIds: [ben.id] })
      for (const device of [ashas, bens])
        device.socket.on('chat:message', ({ text }: { text: string }) => heard.add(text))
      const talk = async (device: Device, from: Person, to: Person) => {
        for (let n = 0; n < 200 && device.socket.connected; n++) {
          const text = newId()
          const reply = await say(device, to, text).catch(() => null)
          if (reply?.ok) acknowledged.push({ by: from, text })
          if (acknowledged.length > 150) load.resolve()
          if (b.server.process.killed) break
        }
      }
      await Promise.all([talk(ashas, asha, ben), talk(bens, ben, asha)])
      return { asha, ben, ashas }
    })
    await load.promise
    await b.server.kill()
    const ended = await Promise.all(streams)
    expect(acknowledged.length).toBeGreaterThan(150)

    // Ben's devices come back, on the other node, and catch up; Asha's have lost nothing but what was not pushed any more.
    for (const { asha, ben } of ended) {
      for (const [person, other] of [
        [asha, ben],
        [ben, asha],
      ] as const) {
        for (let cursor = ''; ; ) {
          const { body } = await on(a, person).get(
            `/api/chat/history/${other.id}?limit=100${cursor && `&cursor=${cursor}`}`,
          )
          for (const { text } of body.items) heard.add(text)
          if (body.nextCursor === null) break
          cursor = body.nextCursor
        }
      }
    }
    expect(acknowledged.filter(({ text }) => !heard.has(text))).toEqual([])

    const ashas = ended.find(({ asha }) => asha === watcher)?.ashas
    await vi.waitFor(
      () =>
        expect(ashas?.pushes).toContainEqual({
          name: 'presence',
          payload: expect.objectContaining({ userId: watched.id, online: false }),
        }),
      patience,
    )
    b = await startNode(b.port)
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
    let said = 0
    while (!over) {
      for (const node of [a, b]) expect((await on(node, asha).get('/api/users/me')).status).toBe(200)
      expect(await say(ashas, ben, String(++said))).toMatchObject({ ok: true })
      expect(await tablet.next('chat:message')).toMatchObject({ text: String(said) })
    }
    expect(said).toBeGreaterThan(10)
    for (const device of [ashas, tablet, bens]) expect(device.socket.connected).toBe(true)

    redis = await startRedis({ port: redis.port })
    const texts = () =>
      bens.pushes.flatMap(({ name, payload }) =>
        name === 'chat:message' ? [Number((payload as { text: string }).text)] : [],
      )
    await vi.waitFor(() => expect(texts()).toEqual(Array.from({ length: said }, (_, n) => n + 1)), patience)
    await say(bens, asha, 'again')
    expect(await ashas.next('chat:message')).toMatchObject({ text: 'again' })
    await vi.waitFor(async () => {
      const { body } = await on(b, ben).get(`/api/presence?userIds=${asha.id}`)
      expect(body.people).toEqual([{ userId: asha.id, online: true, lastSeenAt: null }])
    }, patience)
    expect((await on(a, asha).get('/readyz')).status).toBe(200)
  })
})
