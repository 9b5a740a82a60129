import type { Redis, RedisOptions } from 'ioredis'
import type { Transact } from '../database/database.ts'
import type { Signals } from '../database/signals.ts'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import { createSignalFanout } from './fanout.ts'
import { createRedisFanout } from './redis-fanout.ts'
import { createRedisRoster } from './redis-roster.ts'
import { createMemoryRoster } from './roster.ts'
import { createSockets, type Sockets } from './sockets.ts'

type Options = Omit<RedisOptions, 'replyMapping'>

/** Somebody who is gone for longer is offline; with the nine seconds in which a lost connection shows, that is 14 s. */
const offlineAfterMs = 5_000

/** Opens the way to the sockets of all processes: by Redis, or without it by the database to the one node that serves them. */
export async function openSockets(options: {
  redisUrl: string | null
  signals: Signals
  transact: Transact
  metrics: Metrics
  log: Log
}): Promise<Sockets> {
  const { redisUrl, signals, transact, metrics, log } = options
  if (redisUrl === null) {
    const fanout = createSignalFanout({ signals, transact, log })
    return createSockets({ fanout, roster: createMemoryRoster(), metrics, log, offlineAfterMs })
  }
  const writer = await openRedis(redisUrl, patient)
  const roster = createRedisRoster({ redis: await openRedis(redisUrl, impatient), log })
  const fanout = createRedisFanout({ writer, openReader: () => openRedis(redisUrl, blocking), log })
  return createSockets({ fanout, roster, metrics, log, offlineAfterMs })
}

// A connection that stays silent for `socketTimeout` while something is asked is dead, whatever TCP says, and another is begun.
const impatient = {
  commandTimeout: 800,
  socketTimeout: 3_000,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
} satisfies Options
const blocking = { ...impatient, commandTimeout: 6_000, socketTimeout: 6_000 } satisfies Options
/** Keeps what is written until it is answered; written twice is possible, lost is not. */
const patient = { socketTimeout: 3_000, maxRetriesPerRequest: null } satisfies Options

/** Resolves when the first connection is up or has failed; it is tried again for as long as it takes. */
async function openRedis(url: string, options: Options): Promise<Redis> {
  // Not loaded where there is no Redis: it is a tenth of the start.
  const ioredis = await import('ioredis')
  const redis = new ioredis.Redis(url, {
    ...options,
    lazyConnect: true,
    connectTimeout: 2_000,
    retryStrategy: (attempt) => Math.min(attempt * 100, 1_000),
  })
  // The cache logs that Redis is away, once for all.
  redis.on('error', () => undefined)
  await redis.connect().catch(() => undefined)
  return redis
}
