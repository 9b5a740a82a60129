import { LRUCache } from 'lru-cache'
import type { Clock } from '../clock.ts'
import { type Cache, checkTtl } from './cache.ts'

interface Entry {
  readonly value: string
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

/**
 * A cache in this process, for one node.
 * @param maxEntries the bound: past it, the key that was longest neither read nor written makes room
 */
export function createMemoryCache({ clock, maxEntries }: { clock: Clock; maxEntries: number }): Cache {
  const entries = new LRUCache<string, Entry>({ max: maxEntries })
  const now = () => clock.now().getTime()

  function live(key: string): Entry | undefined {
    const entry = entries.get(key)
    if (!entry || entry.expiresAt > now()) return entry
    entries.delete(key)
    return undefined
  }

  return {
    async get(key) {
      return live(key)?.value ?? null
    },
    async set(key, value, ttlSeconds) {
      checkTtl(ttlSeconds)
      entries.set(key, { value, expiresAt: now() + ttlSeconds * 1000 })
    },
    async delete(key) {
      entries.delete(key)
    },
    async increment(key, ttlSeconds, by = 1) {
      checkTtl(ttlSeconds)
      const before = live(key)
      if (!before && by < 0) return { count: 0, resetSeconds: ttlSeconds }
      const { value, expiresAt } = before ?? { value: '0', expiresAt: now() + ttlSeconds * 1000 }
      if (!/^-?\d+$/.test(value)) throw new Error('the cached value to increment is not a whole number')
      const count = Number(value) + by
      entries.set(key, { value: String(count), expiresAt })
      return { count, resetSeconds: Math.ceil((expiresAt - now()) / 1000) }
    },
    async ping() {},
    async close() {},
  }
}
