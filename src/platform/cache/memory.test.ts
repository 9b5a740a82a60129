import { beforeEach, expect, test } from 'vitest'
import type { Cache } from './cache.ts'
import { createMemoryCache } from './memory.ts'

let seconds: number
let cache: Cache

beforeEach(() => {
  seconds = 1_800_000_000
  cache = createMemoryCache({ clock: { now: () => new Date(seconds * 1000) }, maxEntries: 3 })
})

async function keysOf(...keys: string[]): Promise<string[]> {
  const values = await Promise.all(keys.map((key) => cache.get(key)))
  return keys.filter((_, i) => values[i] !== null)
}

test('time to live follows the clock to the moment', async () => {
  await cache.set('a', '1', 10)
  seconds += 9.999
  expect(await cache.get('a')).toBe('1')
  seconds += 0.001
  expect(await cache.get('a')).toBeNull()
})

test('a window tells the seconds left, rounded up, and closes on time', async () => {
  expect(await cache.increment('w', 10)).toEqual({ count: 1, resetSeconds: 10 })
  seconds += 3.5
  expect(await cache.increment('w', 10)).toEqual({ count: 2, resetSeconds: 7 })
  seconds += 6.5
  expect(await cache.increment('w', 10)).toEqual({ count: 1, resetSeconds: 10 })
})

test('full, the oldest makes room', async () => {
  for (const key of ['a', 'b', 'c', 'd', 'e']) await cache.set(key, '1', 60)
  expect(await keysOf('a', 'b', 'c', 'd', 'e')).toEqual(['c', 'd', 'e'])
})

test('written again, by set or by a count, a key is the youngest', async () => {
  for (const key of ['a', 'b', 'c']) await cache.set(key, '1', 60)
  await cache.set('a', '2', 60)
  await cache.increment('b', 60)
  await cache.set('d', '1', 60)
  expect(await keysOf('a', 'b', 'c', 'd')).toEqual(['a', 'b', 'd'])
})

test('replacing a key while full evicts nobody, and its former expiry does not count', async () => {
  await cache.set('a', '1', 60)
  await cache.set('b', '1', 5)
  await cache.set('c', '1', 60)
  await cache.set('b', '2', 60)
  seconds += 6
  expect(await keysOf('a', 'b', 'c')).toEqual(['a', 'b', 'c'])
  await cache.set('d', '1', 60)
  expect(await keysOf('a', 'b', 'c', 'd')).toEqual(['b', 'c', 'd'])
})

test('a deleted key makes room', async () => {
  for (const key of ['a', 'b', 'c']) await cache.set(key, '1', 60)
  await cache.delete('b')
  await cache.set('d', '1', 60)
  expect(await keysOf('a', 'b', 'c', 'd')).toEqual(['a', 'c', 'd'])
})

test('the bound holds through any mixture of calls', async () => {
  let state = 12_345
  const random = (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return state % below
  }
  const keys = Array.from({ length: 30 }, (_, i) => `k${i}`)
  for (let i = 0; i < 5_000; i++) {
    const key = keys[random(keys.length)] ?? ''
    const call = random(4)
    if (call === 0) await cache.delete(key)
    else if (call === 1) await cache.increment(key, 1 + random(20))
    else await cache.set(key, String(i), 1 + random(20))
    if (call > 1) expect(await cache.get(key)).toBe(String(i))
    if (random(3) === 0) seconds += random(8)
    expect((await keysOf(...keys)).length).toBeLessThanOrEqual(3)
  }
})
