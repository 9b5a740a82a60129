import { setTimeout as wait } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import { newId } from '../ids.ts'
import type { Log } from '../log.ts'
import type { Delivery, Fanout, Receiver } from './fanout.ts'
import { createTrim, mostKept } from './redis-trim.ts'

const stream = 'lectern:pushes'
/** What a process keeps for Redis while that is away: so many, or so many bytes. */
const mostWaiting = 10_000
const mostWaitingBytes = 16 * 1024 * 1024
/** How long whoever pushes waits for a Redis that hangs. */
const patienceMs = 500
const blockMs = 2_000
const retryMs = 200

type Entries = [id: string, fields: string[]][]

/** An entry of the stream. A process counts what it publishes, so that whoever reads sees whether something is missing. */
interface Entry {
  readonly from: string
  readonly n: number
  /** Null only goes on counting. */
  readonly delivery: Delivery | null
}

/**
 * Fan-out over a Redis stream (https://redis.io/docs/latest/develop/data-types/streams/), which every node reads from where it was. What is
 * pushed while Redis is away waits in this process, in order, and goes out when it is back. Both have bounds, and Redis may lose what it
 * had: a node that sees a gap in what another has counted says so to its receiver.
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
  const trim = createTrim({ redis: writer, stream })
  /** How far the count of each other process has come. */
  const counts = new Map<string, number>()
  let count = 0
  let waiting = 0
  let waitingBytes = 0
  let hangs = false
  let dropped = 0
  let closed = false
  let reading: { redis: Redis; done: Promise<void> } | undefined

  async function write(delivery: Delivery | null): Promise<void> {
    const text = JSON.stringify({ from, n: ++count, delivery } satisfies Entry)
    waiting++
    waitingBytes += text.length
    try {
      await writer.xadd(stream, 'MAXLEN', '~', mostKept, '*', 'push', text)
    } catch (error) {
      if (!closed)
        log.warn({ reason: String(error), name: delivery?.name }, 'a push could not be handed over')
    } finally {
      waiting--
      waitingBytes -= text.length
      hangs = false
    }
    if (waiting === 0 && dropped > 0) {
      log.warn({ dropped }, 'more was pushed while Redis was away than could wait')
      dropped = 0
      await write(null)
    }
  }

  async function read(redis: Redis, receiver: Receiver, start: string | null) {
    let after = start
    while (!closed) {
      try {
        if (after === null) {
          after = await lastId(redis)
          receiver.missed()
        }
        const answer = await redis.xread('COUNT', 500, 'BLOCK', blockMs, 'STREAMS', stream, after)
        for (const [id, [, text = '']] of (answer?.[0]?.[1] ?? []) as Entries) {
          after = id
          trim.passed(id, text.length)
          take(text, receiver)
        }
      } catch {
        await wait(retryMs, undefined, { ref: false })
      }
    }
  }

  function take(text: string, receiver: Receiver): void {
    try {
      const entry = JSON.parse(text) as Entry
      if (entry.from === from) return
      const before = counts.get(entry.from) ?? entry.n - 1
      // It was written again, since the connection broke before the answer.
      if (entry.n <= before) return
      counts.set(entry.from, entry.n)
      if (entry.delivery) receiver.deliver(entry.delivery)
      if (entry.n > before + 1) miss(receiver)
    } catch (error) {
      log.error({ err: error }, 'what was pushed elsewhere could not be delivered here')
    }
  }

  /** Once for all the others: what else is missing up to here is fetched with it. */
  function miss(receiver: Receiver): void {
    counts.clear()
    log.warn(
      'some of what was pushed elsewhere has not come; those who are connected here are to connect anew',
    )
    receiver.missed()
  }

  return {
    async publish(delivery) {
      if (waiting >= mostWaiting || waitingBytes >= mostWaitingBytes) {
        count++
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
    async receive(receiver) {
      const redis = await openReader()
      // From here on, whoever pushes first. A node that starts while Redis is away begins when it is back, and knows nothing of before.
      const start = await lastId(redis).catch(() => null)
      trim.start()
      reading = { redis, done: read(redis, receiver, start) }
    },
    async close() {
      closed = true
      trim.stop()
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
