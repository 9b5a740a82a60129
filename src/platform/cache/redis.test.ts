import { once } from 'node:events'
import { createServer } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type RedisServer, redisInstalled, redisMissing, startRedis } from '../../../test/support/redis.ts'
import type { Cache } from './cache.ts'
import { createRedisCache } from './redis.ts'

let lines: string[]
const log = pino({ base: null, timestamp: false }, { write: (line) => lines.push(line) })

/** How long a rejected call took, in milliseconds. */
async function rejection(call: Promise<unknown>): Promise<number> {
  const began = performance.now()
  await expect(call).rejects.toThrow('Redis did not answer')
  return performance.now() - began
}

describe('the redis cache', () => {
  if (!redisInstalled()) {
    test('outlives a lost Redis', ({ skip }) => skip(redisMissing))
    return
  }
  let server: RedisServer
  let cache: Cache
  beforeEach(async () => {
    lines = []
    server = await startRedis()
    cache = await createRedisCache({ url: server.url, prefix: 'school:', log })
  })
  afterEach(async () => {
    await cache.close()
    await server.stop()
  })

  const back = () =>
    vi.waitFor(() => expect(cache.ping()).resolves.toBeUndefined(), { timeout: 10_000, interval: 20 })

  test('keeps its keys under the prefix, every one with an expiry', async () => {
    await cache.set('a', '1', 60)
    await cache.increment('b', 60)
    await cache.increment('b', 60)
    const redis = new Redis(server.url)
    expect((await redis.keys('*')).sort()).toEqual(['school:a', 'school:b'])
    for (const key of ['school:a', 'school:b']) expect(await redis.ttl(key)).toBeGreaterThan(50)
    await redis.quit()
  })

  const away = () => vi.waitFor(() => expect(lines.join()).toContain('Redis is away'), { timeout: 10_000 })

  test('rejects at once while Redis is away, and works again when it is back', async () => {
    await cache.set('a', '1', 60)
    await server.stop()
    await away()
    const calls = [
      cache.get('a'),
      cache.set('a', '2', 60),
      cache.increment('n', 60),
      cache.delete('a'),
      cache.ping(),
    ]
    const outcomes = calls.map((call) => Promise.race([call, setImmediate('still waiting')]))
    const states = (await Promise.allSettled(outcomes)).map(({ status }) => status)
    expect(states).toEqual(calls.map(() => 'rejected'))
    server = await startRedis({ port: server.port })
    await back()
    // nothing that was rejected is done later
    expect(await cache.get('a')).toBeNull()
    expect(await cache.increment('n', 60)).toEqual({ count: 1, resetSeconds: 60 })
  })

  test('rejects what was on its way when the connection broke, and does not send it again', async () => {
    server.pause()
    const onItsWay = rejection(cache.increment('n', 60))
    await server.stop()
    await onItsWay
    server = await startRedis({ port: server.port })
    await back()
    expect(await cache.increment('n', 60)).toMatchObject({ count: 1 })
  })

  test('logs each loss of Redis once, however often it is tried, and each return', async () => {
    await server.stop()
    await away()
    let tries = 0
    const broken = createServer((socket) => {
      tries++
      socket.resetAndDestroy()
    }).listen(server.port, '127.0.0.1')
    await vi.waitFor(() => expect(tries).toBeGreaterThanOrEqual(3), { timeout: 10_000 })
    broken.close()
    await once(broken, 'close')
    server = await startRedis({ port: server.port })
    await back()
    await server.stop()
    await vi.waitFor(() => expect(lines).toHaveLength(3), { timeout: 10_000 })
    const messages = lines.map((line) => JSON.parse(line).msg)
    expect(messages).toEqual(['Redis is away', 'Redis is back', 'Redis is away'])
  })

  test('rejects within a second while Redis hangs, and works again on a new connection', async () => {
    server.pause()
    for (const ms of await Promise.all([rejection(cache.get('a')), rejection(cache.increment('n', 60))])) {
      expect(ms).toBeLessThan(1_000)
    }
    await away()
    server.resume()
    await back()
  })

  test('starts without Redis and finds it later', async () => {
    const port = server.port
    await server.stop()
    const early = await createRedisCache({ url: server.url, prefix: '', log })
    await rejection(early.ping())
    server = await startRedis({ port })
    await vi.waitFor(() => expect(early.ping()).resolves.toBeUndefined(), { timeout: 10_000, interval: 20 })
    await early.close()
  })

  test('closes while Redis is away, and then rejects', async () => {
    await server.stop()
    await cache.close()
    await rejection(cache.ping())
  })

  test('lets no password, key or value into an error or the log', async () => {
    const guarded = await createRedisCache({
      url: server.url.replace('//', '//ada:hunter2@'),
      prefix: '',
      log,
    })
    await guarded.close()
    expect(lines.join()).toContain('WRONGPASS')
    expect(lines.join()).not.toContain('hunter2')
    await cache.set('session', 'secret', 60)
    const error = await cache.increment('session', 60).catch((refusal: unknown) => refusal)
    log.error({ err: error }, 'failed')
    expect(lines.at(-1)).toContain('not an integer')
    expect(lines.at(-1)).not.toMatch(/"session"|secret/)
  })
})
