import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { redisInstalled, redisMissing, startRedis } from '../../../test/support/redis.ts'
import { systemClock } from '../clock.ts'
import { createLog } from '../log.ts'
import type { Cache } from './cache.ts'
import { createMemoryCache } from './memory.ts'
import { createRedisCache } from './redis.ts'

const caches = [
  {
    name: 'memory',
    missing: null,
    open: async () => {
      const cache = createMemoryCache({ clock: systemClock, maxEntries: 1000 })
      return { cache, close: () => cache.close() }
    },
  },
  {
    name: 'redis',
    missing: redisInstalled() ? null : redisMissing,
    open: async () => {
      const server = await startRedis()
      const cache = await createRedisCache({ url: server.url, prefix: 'test:', log: createLog('silent') })
      return { cache, close: () => cache.close().then(server.stop) }
    },
  },
]

/** Both caches promise the same; what only one does is tested beside it. */
describe.each(caches)('the $name cache', ({ missing, open }) => {
  if (missing !== null) {
    test('keeps the contract', ({ skip }) => skip(missing))
    return
  }
  let cache: Cache
  let close: () => Promise<void>
  beforeAll(async () => {
    const opened = await open()
    cache = opened.cache
    close = opened.close
  })
  afterAll(() => close())

  const gone = (key: string) =>
    vi.waitFor(async () => expect(await cache.get(key)).toBeNull(), { timeout: 5_000, interval: 20 })

  test('gives back what was set, until it is deleted', async () => {
    expect(await cache.get('text')).toBeNull()
    await cache.set('text', 'धन्यवाद\r\n"\0', 60)
    expect(await cache.get('text')).toBe('धन्यवाद\r\n"\0')
    await cache.set('text', '', 60)
    expect(await cache.get('text')).toBe('')
    await cache.delete('text')
    await cache.delete('text')
    expect(await cache.get('text')).toBeNull()
  })

  test('forgets after the time to live, which a second set begins anew', async () => {
    await cache.set('short', 'one', 60)
    await cache.set('short', 'two', 1)
    await cache.set('long', 'one', 1)
    await cache.set('long', 'two', 60)
    await gone('short')
    expect(await cache.get('long')).toBe('two')
  })

  test('counts in a window that the first count opens and closes', async () => {
    expect(await cache.increment('window', 2)).toEqual({ count: 1, resetSeconds: 2 })
    const second = await cache.increment('window', 100)
    expect(second.count).toBe(2)
    expect(second.resetSeconds).toBeLessThanOrEqual(2)
    expect(await cache.get('window')).toBe('2')
    await gone('window')
    expect(await cache.increment('window', 100)).toEqual({ count: 1, resetSeconds: 100 })
    await cache.delete('window')
    expect(await cache.increment('window', 100)).toMatchObject({ count: 1 })
  })

  test('loses no count of many at once', async () => {
    const windows = await Promise.all(Array.from({ length: 200 }, () => cache.increment('crowd', 60)))
    expect(windows.map(({ count }) => count).sort((a, b) => a - b)).toEqual(windows.map((_, i) => i + 1))
  })

  test('counts on from a number that was set, within its time to live', async () => {
    await cache.set('seven', '7', 50)
    const window = await cache.increment('seven', 600)
    expect(window.count).toBe(8)
    expect(window.resetSeconds).toBeLessThanOrEqual(50)
  })

  test('takes counts back, but from no window that is closed', async () => {
    expect(await cache.increment('back', 60, -1)).toEqual({ count: 0, resetSeconds: 60 })
    expect(await cache.get('back')).toBeNull()
    expect(await cache.increment('back', 50, 3)).toEqual({ count: 3, resetSeconds: 50 })
    const window = await cache.increment('back', 600, -1)
    expect(window.count).toBe(2)
    expect(window.resetSeconds).toBeLessThanOrEqual(50)
    expect(await cache.increment('back', 600, -3)).toMatchObject({ count: -1 })
    expect(await cache.increment('back', 600)).toMatchObject({ count: 0 })
  })

  test('refuses to count what is no number, and does not show it', async () => {
    await cache.set('word', 'secret', 60)
    await expect(cache.increment('word', 60)).rejects.toThrow(expect.not.stringContaining('secret'))
    expect(await cache.get('word')).toBe('secret')
  })

  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses %d seconds to live', async (ttl) => {
    await expect(cache.set('key', 'value', ttl)).rejects.toThrow(RangeError)
    await expect(cache.increment('key', ttl)).rejects.toThrow(RangeError)
    expect(await cache.get('key')).toBeNull()
  })

  test('answers a ping', async () => {
    await expect(cache.ping()).resolves.toBeUndefined()
  })
})
