import type { Clock } from '../clock.ts'
import { type Cache, checkTtl } from './cache.ts'

interface Entry {
  readonly value: string
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

/**
 * A cache in this process, for one node. Every call is O(1), amortised.
 * @param maxEntries the bound, 1 or more: a new key beyond it takes the place of the expired ones (known to the second), else
 *   of the one longest unwritten. A count is a write, so a busy counter stays.
 */
export function createMemoryCache({ clock, maxEntries }: { clock: Clock; maxEntries: number }): Cache {
  const entries = new Map<string, Entry>()
  // One iterator for good: a fresh one would step over all the holes that earlier evictions left in the map.
  // It never runs out, since it is asked only while the map holds something, and what it passed is gone.
  const oldestFirst = entries.keys()
  const keysByEnd = new Map<number, Set<string>>()
  let sweptTo = 0

  const endOf = (entry: Entry) => Math.ceil(entry.expiresAt / 1000)

  function remove(key: string, entry: Entry) {
    entries.delete(key)
    const keys = keysByEnd.get(endOf(entry))
    keys?.delete(key)
    if (keys?.size === 0) keysByEnd.delete(endOf(entry))
  }

  function live(key: string, now: number): Entry | undefined {
    const entry = entries.get(key)
    if (!entry || entry.expiresAt > now) return entry
    remove(key, entry)
    return undefined
  }

  function sweepSecond(second: number) {
    for (const key of keysByEnd.get(second) ?? []) entries.delete(key)
    keysByEnd.delete(second)
  }

  function sweep(now: number) {
    const to = Math.floor(now / 1000)
    if (to - sweptTo > keysByEnd.size) {
      for (const second of keysByEnd.keys()) if (second <= to) sweepSecond(second)
    } else {
      for (let second = sweptTo + 1; second <= to; second++) sweepSecond(second)
    }
    sweptTo = to
  }

  function evictOldest() {
    const oldest = oldestFirst.next().value
    const entry = oldest === undefined ? undefined : entries.get(oldest)
    if (oldest !== undefined && entry) remove(oldest, entry)
  }

  function write(key: string, entry: Entry, now: number) {
    const before = entries.get(key)
    if (before) remove(key, before)
    if (entries.size >= maxEntries) sweep(now)
    if (entries.size >= maxEntries) evictOldest()
    entries.set(key, entry)
    const end = endOf(entry)
    const keys = keysByEnd.get(end)
    if (keys) keys.add(key)
    else keysByEnd.set(end, new Set([key]))
  }

  return {
    async get(key) {
      return live(key, clock.now().getTime())?.value ?? null
    },
    async set(key, value, ttlSeconds) {
      checkTtl(ttlSeconds)
      const now = clock.now().getTime()
      write(key, { value, expiresAt: now + ttlSeconds * 1000 }, now)
    },
    async delete(key) {
      const entry = entries.get(key)
      if (entry) remove(key, entry)
    },
    async increment(key, ttlSeconds, by = 1) {
      checkTtl(ttlSeconds)
      const now = clock.now().getTime()
      const before = live(key, now)
      if (!before && by < 0) return { count: 0, resetSeconds: ttlSeconds }
      const { value, expiresAt } = before ?? { value: '0', expiresAt: now + ttlSeconds * 1000 }
      if (!/^-?\d+$/.test(value)) throw new Error('the cached value to increment is not a whole number')
      const count = Number(value) + by
      write(key, { value: String(count), expiresAt }, now)
      return { count, resetSeconds: Math.ceil((expiresAt - now) / 1000) }
    },
    async ping() {},
    async close() {},
  }
}
