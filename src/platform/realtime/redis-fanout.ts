import { setTimeout as wait } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import { newId } from '../ids.ts'
import type { Log } from '../log.ts'
import type { Delivery, Fanout } from './fanout.ts'

const stream = 'lectern:pushes'
/** What the stream keeps for readers that were away, in entries; about five megabytes. */
const mostKept = 10_000
/** What a process keeps for Redis while that is away. */
const mostWaiting = 10_000
/** How long whoever pushes waits for a Redis that hangs. */
const patienceMs = 500
const blockMs = 2_000
const retryMs = 200

type Entries = [id: string, fields: string[]][]

/**
 * Fan-out over a Redis stream (https://redis.io/docs/latest/develop/data-types/streams/), which every node reads from where it was: a
 * connection that breaks loses nothing. What is pushed while Redis is away waits in this process, in order, and goes out when it is back.
 * @param options.writer keeps commands until they are answered, however long Redis is away
 * @param options.openReader opens one that may block; it rejects at once while Redis is away
 */
export function createRedisFanout(options: {
  writer: Redis
  openReader: () => Promise<Redis>
  log: Log
}): Fanout {
  const { writer, openReader, log } = options
  const from = newId()
  let waiting = 0
  let hangs = false
  let dropped = 0
  let closed = false
  let reading: { redis: Redis; done: Promise<void> } | undefined

  async function write(delivery: Delivery): Promise<void> {
    waiting++
    try {
      await writer.xadd(stream, 'MAXLEN', '~', mostKept, '*', 'push', JSON.stringify({ ...delivery, from }))
    } catch (error) {
      if (!closed) log.warn({ reason: String(error), name: delivery.name }, 'a push could not be handed over')
    } finally {
      waiting--
      hangs = false
    }
    if (waiting === 0 && dropped > 0) {
      log.warn({ dropped }, 'more was pushed while Redis was away than could wait')
      dropped = 0
    }
  }

  async function read(redis: Redis, deliver: (delivery: Delivery) => void, start: string | null) {
    let after = start
    while (!closed) {
      try {
        after ??= await lastId(redis)
        const answer = await redis.xread('COUNT', 500, 'BLOCK', blockMs, 'STREAMS', stream, after)
        for (const [id, [, text = '']] of (answer?.[0]?.[1] ?? []) as Entries) {
          after = id
          take(text, deliver)
        }
      } catch {
        await wait(retryMs, undefined, { ref: false })
      }
    }
  }

  function take(text: string, deliver: (delivery: Delivery) => void): void {
    try {
      const { from: sender, ...delivery } = JSON.parse(text) as Delivery & { from: string }
      if (sender !== from) deliver(delivery)
    } catch (error) {
      log.error({ err: error }, 'what was pushed elsewhere could not be delivered here')
    }
  }

  return {
    async publish(delivery) {
      if (waiting >= mostWaiting) {
        dropped++
        return
      }
      const written = write(delivery)
      if (hangs || writer.status !== 'ready') return
      const patience = new AbortController()
      const late = wait(patienceMs, 'late', { ref: false, signal: patience.signal }).catch(() => 'in time')
      if ((await Promise.race([written, late])) === 'late') hangs = true
      patience.abort()
    },
    async receive(deliver) {
      const redis = await openReader()
      // From here on, whoever pushes first: a node that starts while Redis is away begins when it is back.
      const start = await lastId(redis).catch(() => null)
      reading = { redis, done: read(redis, deliver, start) }
    },
    async close() {
      closed = true
      reading?.redis.disconnect()
      await reading?.done
      await Promise.race([writer.quit(), wait(patienceMs, undefined, { ref: false })]).catch(() => undefined)
      writer.disconnect()
    },
  }
}

async function lastId(redis: Redis): Promise<string> {
  const [last] = await redis.xrevrange(stream, '+', '-', 'COUNT', 1)
  return last?.[0] ?? '0-0'
}
