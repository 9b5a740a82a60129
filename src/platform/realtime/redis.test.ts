import { Redis } from 'ioredis'
import { Type } from 'typebox'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { layCable } from '../../../test/support/cable.ts'
import { type RedisServer, redisInstalled, redisMissing, startRedis } from '../../../test/support/redis.ts'
import type { Transact } from '../database/database.ts'
import type { Signals } from '../database/signals.ts'
import { createLog } from '../log.ts'
import { createMetrics } from '../metrics.ts'
import { defineSocketPush } from './contract.ts'
import { openSockets } from './open.ts'
import type { PresenceChange } from './roster.ts'
import type { Door, Sockets } from './sockets.ts'

const note = defineSocketPush('test:note', 'For this test.', Type.Object({ n: Type.Integer() }))
const picture = defineSocketPush(
  'test:picture',
  'Large.',
  Type.Object({ n: Type.Integer(), bytes: Type.String() }),
)

interface Process {
  readonly sockets: Sockets
  readonly changes: PresenceChange[]
  readonly people: string[]
  readonly got: number[]
  /** How often it was told that something will never come. */
  missed: number
  door?: Door
}

describe('the fan-out over Redis', () => {
  if (!redisInstalled()) {
    it('reaches all nodes', ({ skip }) => skip(redisMissing))
    return
  }
  let server: RedisServer
  const open: Process[] = []

  /** A process that may push, as a worker does. */
  async function worker(redisUrl = server.url): Promise<Process> {
    const sockets = await openSockets({
      redisUrl,
      signals: {} as Signals,
      transact: (() => undefined) as unknown as Transact,
      metrics: createMetrics({ process: false }),
      log: createLog('silent'),
    })
    const changes: PresenceChange[] = []
    sockets.onPresence(async (change) => void changes.push(change))
    const process: Process = { sockets, changes, people: [], got: [], missed: 0 }
    open.push(process)
    return process
  }

  /** One that serves sockets too. */
  async function node(redisUrl?: string): Promise<Process> {
    const process = await worker(redisUrl)
    process.door = await process.sockets.serve({
      deliver: ({ json }) => process.got.push(JSON.parse(json).n),
      missed: () => void process.missed++,
      join: () => undefined,
      leave: () => undefined,
      inRoom: () => [],
      people: () => process.people,
    })
    return process
  }

  function arrive({ people, door }: Process, userId: string): void {
    people.push(userId)
    door?.arrived(userId)
  }

  const push = ({ sockets }: Process, n: number) => sockets.push(note, ['asha'], { n })
  const patience = { timeout: 15_000, interval: 20 }
  const comes = (to: Process, ...numbers: number[]) =>
    vi.waitFor(() => expect(to.got).toEqual(numbers), patience)
  const changes = (of: Process, online: boolean) =>
    of.changes.filter((change) => change.online === online).flatMap(({ userIds }) => userIds)

  beforeEach(async () => {
    server = await startRedis()
  })
  afterEach(async () => {
    await Promise.all(open.splice(0).map(({ sockets }) => sockets.close()))
    await server.stop()
  })

  it('brings what one pushes to every node once, in order, from a worker too, whichever was there first', async () => {
    const early = await worker()
    const [a, b] = [await node(), await node()]
    await push(early, 1)
    await comes(a, 1)
    const late = await worker()
    await push(late, 2)
    await push(a, 3)
    await push(a, 4)
    for (const each of [a, b]) await comes(each, 1, 2, 3, 4)
    const fresh = await node()
    await push(b, 5)
    await comes(fresh, 5)
  })

  it('gives to its own devices while Redis is away, and to the others when it is back', {
    timeout: 30_000,
  }, async () => {
    const [a, b] = [await node(), await node()]
    const { port } = server
    await server.stop()
    for (const n of [1, 2, 3]) await push(a, n)
    expect(a.got).toEqual([1, 2, 3])
    server = await startRedis({ port })
    await comes(b, 1, 2, 3)
    await push(b, 4)
    await comes(a, 1, 2, 3, 4)
  })

  it('does not hang with a Redis that hangs', { timeout: 30_000 }, async () => {
    const [a, b] = [await node(), await node()]
    server.pause()
    await Promise.all([1, 2, 3].map((n) => push(a, n)))
    expect(a.got).toEqual([1, 2, 3])
    server.resume()
    await comes(b, 1, 2, 3)
  })

  it('starts without Redis, and is whole when it comes', { timeout: 30_000 }, async () => {
    const { port } = server
    await server.stop()
    const [a, b] = [await node(), await node()]
    arrive(a, 'asha')
    server = await startRedis({ port })
    await vi.waitFor(
      async () => expect(await b.sockets.online(['asha'])).toEqual(new Set(['asha'])),
      patience,
    )
    // Whoever was connected before may have missed something.
    for (const each of [a, b]) await vi.waitFor(() => expect(each.missed).toBe(1), patience)
    await push(a, 1)
    await comes(b, 1)
  })

  describe('of what is lost on the way', () => {
    /** Half a megabyte. */
    const pushLarge = ({ sockets }: Process, n: number) =>
      sockets.push(picture, ['asha'], { n, bytes: 'x'.repeat(2 ** 19) })
    const upTo = (n: number) => Array.from({ length: n }, (_, at) => at + 1)

    it('a node is told that was away for longer than the stream keeps, once it is back; one that was away for less is not', {
      timeout: 60_000,
    }, async () => {
      const cable = await layCable(server.port)
      const [a, b] = [await node(), await node(`redis://127.0.0.1:${cable.port}`)]
      await push(a, 1)
      await comes(b, 1)
      cable.cut()
      await push(a, 2)
      cable.mend()
      await comes(b, 1, 2)
      expect(b.missed).toBe(0)

      cable.cut()
      for (let n = 3; n <= 100; n++) await pushLarge(a, n)
      await vi.waitFor(async () => expect(await kept()).toBeLessThan(90), patience)
      cable.mend()
      await vi.waitFor(() => expect(b.got.at(-1)).toBe(100), patience)
      expect(b.missed).toBe(1)
      await push(a, 101)
      await vi.waitFor(() => expect(b.got.at(-1)).toBe(101), patience)
      expect(b.missed).toBe(1)
      await cable.close()
    })

    it('the nodes are told when a process has pushed more than can wait for Redis: 16 MB', {
      timeout: 60_000,
    }, async () => {
      const [a, b] = [await worker(), await node()]
      await push(a, 1)
      await comes(b, 1)
      const { port } = server
      await server.stop()
      for (let n = 2; n <= 40; n++) await pushLarge(a, n)
      server = await startRedis({ port })
      await vi.waitFor(() => expect(b.missed).toBe(1), patience)
      expect(b.got).toEqual(upTo(b.got.length))
      expect(b.got.length).toBeGreaterThan(30)
      expect(b.got.length).toBeLessThan(36)
    })

    it('the stream keeps some 32 MB, and nothing for longer than five minutes', {
      timeout: 60_000,
    }, async () => {
      const [a, b] = [await worker(), await node()]
      for (let n = 1; n <= 120; n++) await pushLarge(a, n)
      await comes(b, ...upTo(120))
      await vi.waitFor(async () => expect(await kept()).toBeLessThan(80), patience)
      expect(await kept()).toBeGreaterThan(60)
      await asRedis(async (redis) => {
        await redis.del('lectern:pushes')
        const [seconds = 0] = await redis.time()
        for (const age of [400, 310, 200])
          await redis.xadd('lectern:pushes', `${(Number(seconds) - age) * 1_000}-0`, 'push', '{}')
      })
      await vi.waitFor(async () => expect(await kept()).toBe(1), patience)
    })

    const kept = () => asRedis((redis) => redis.xlen('lectern:pushes'))
    async function asRedis<T>(ask: (redis: Redis) => Promise<T>): Promise<T> {
      const redis = new Redis(server.url)
      try {
        return await ask(redis)
      } finally {
        redis.disconnect()
      }
    }
  })

  describe('who is online', () => {
    it('is known on every node, and told by one: when the first device comes, when the last is gone', {
      timeout: 30_000,
    }, async () => {
      const [a, b] = [await node(), await node()]
      arrive(a, 'asha')
      await vi.waitFor(() => expect(changes(a, true)).toEqual(['asha']), patience)
      arrive(b, 'asha')
      expect(await b.sockets.online(['asha', 'ravi'])).toEqual(new Set(['asha']))
      a.door?.left('asha')
      b.door?.left('asha')
      await vi.waitFor(() => expect([...changes(a, false), ...changes(b, false)]).toEqual(['asha']), patience)
      expect([...changes(a, true), ...changes(b, true)]).toEqual(['asha'])
      expect(await a.sockets.online(['asha'])).toEqual(new Set())
    })

    it('offline are those of a node that died, but for those who are on another by then', {
      timeout: 30_000,
    }, async () => {
      const [a, b] = [await node(), await node()]
      for (const userId of ['asha', 'ravi']) arrive(a, userId)
      await vi.waitFor(() => expect(changes(a, true)).toHaveLength(2), patience)
      // as a killed process: its connections end, and it says nothing
      await a.sockets.close()
      arrive(b, 'ravi')
      await vi.waitFor(() => expect(changes(b, false)).toEqual(['asha']), patience)
      expect(changes(b, true)).toEqual([])
      expect(await b.sockets.online(['asha', 'ravi'])).toEqual(new Set(['ravi']))
    })

    it('is written anew into a Redis that lost it, and nobody flickers', { timeout: 30_000 }, async () => {
      const [a, b] = [await node(), await node()]
      arrive(a, 'asha')
      arrive(b, 'ravi')
      await vi.waitFor(() => expect([...changes(a, true), ...changes(b, true)]).toHaveLength(2), patience)
      const { port } = server
      await server.stop()
      expect(await a.sockets.online(['asha', 'ravi'])).toEqual(new Set(['asha']))
      server = await startRedis({ port })
      for (const each of [a, b])
        await vi.waitFor(
          async () => expect(await each.sockets.online(['asha', 'ravi'])).toEqual(new Set(['asha', 'ravi'])),
          patience,
        )
      expect([...changes(a, false), ...changes(b, false)]).toEqual([])
    })
  })
})
