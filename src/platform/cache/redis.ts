import { Redis } from 'ioredis'
import type { Log } from '../log.ts'
import { type Cache, checkTtl } from './cache.ts'

/** One step on the server, so that no count can be left without its expiry. https://redis.io/docs/latest/commands/incrby/ */
const incrementInWindow = `
if tonumber(ARGV[2]) < 0 and redis.call('EXISTS', KEYS[1]) == 0 then return { 0, ARGV[1] * 1000 } end
local count = redis.call('INCRBY', KEYS[1], ARGV[2])
local left = redis.call('PTTL', KEYS[1])
if left < 0 then
  redis.call('EXPIRE', KEYS[1], ARGV[1])
  left = ARGV[1] * 1000
end
return { count, left }`

/**
 * A cache that all nodes share. Resolves when the first connection is up or has failed: a Redis which is away at
 * start does not keep the program from starting. It is tried again for as long as it takes, every two seconds
 * at most; until then each call rejects at once, and within 0.8 s if Redis hangs. Nothing is queued or sent twice.
 * @param url `redis://[[user]:password@]host[:port][/database]`, or `rediss://` for TLS
 * @param prefix set before every key, so that several programs can use one Redis
 * @param log gets one line when Redis goes away and one when it is back
 */
export async function createRedisCache(options: { url: string; prefix: string; log: Log }): Promise<Cache> {
  const { url, prefix, log } = options
  const redis = new Redis(url, {
    keyPrefix: prefix,
    lazyConnect: true,
    connectTimeout: 2_000,
    commandTimeout: 800,
    // a connection that stays silent this long is dead, whatever TCP says: begin a new one
    socketTimeout: 3_000,
    enableOfflineQueue: false,
    // what was on its way when the connection broke is rejected, not sent again: a count could count twice
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(attempt * 100, 2_000),
  })

  let away = false
  redis.on('error', (error: NodeJS.ErrnoException) => {
    // the text alone: ioredis hangs the command on its errors, and AUTH has the password among its arguments
    if (!away) log.warn({ reason: error.message || error.code }, 'Redis is away')
    away = true
  })
  redis.on('ready', () => {
    if (away) log.info('Redis is back')
    away = false
  })
  await redis.connect().catch(() => {})

  async function answer<T>(command: Promise<T>): Promise<T> {
    try {
      return await command
    } catch (error) {
      // no `cause`, for the same reason: keys and values must not reach the log
      throw new Error(`Redis did not answer: ${error instanceof Error ? error.message : 'unknown'}`)
    }
  }

  return {
    get: (key) => answer(redis.get(key)),
    async set(key, value, ttlSeconds) {
      checkTtl(ttlSeconds)
      await answer(redis.set(key, value, 'EX', ttlSeconds))
    },
    async delete(key) {
      await answer(redis.del(key))
    },
    async increment(key, ttlSeconds, by = 1) {
      checkTtl(ttlSeconds)
      const reply = (await answer(redis.eval(incrementInWindow, 1, key, ttlSeconds, by))) as [number, number]
      return { count: reply[0], resetSeconds: Math.ceil(reply[1] / 1000) }
    },
    async ping() {
      await answer(redis.ping())
    },
    async close() {
      await redis.quit().catch(() => redis.disconnect())
    },
  }
}
