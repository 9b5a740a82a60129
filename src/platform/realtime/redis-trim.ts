import type { Redis } from 'ioredis'

/** What a stream keeps for readers that were away, in entries. Whoever writes sees to it. */
export const mostKept = 10_000
/** The same in bytes, and for how long; readers see to these. */
const mostKeptBytes = 32 * 1024 * 1024
const markBytes = 4 * 1024 * 1024
const keptSeconds = 300
const trimMs = 2_000

export interface Trim {
  start(): void
  /** That an entry of so many bytes was read, in the order of the stream. */
  passed(id: string, bytes: number): void
  stop(): void
}

/** Keeps a stream short: its entries are of all sizes, and what people say to one another is not to lie there for longer than it is of use. */
export function createTrim({ redis, stream }: { redis: Redis; stream: string }): Trim {
  /** Every so many bytes, the id at which they were full. */
  const marks: string[] = []
  let bytesSinceMark = 0
  let timer: NodeJS.Timeout | undefined

  const trimTo = (id: string | number) => redis.xtrim(stream, 'MINID', '=', id)
  async function trimByAge(): Promise<void> {
    const [seconds = 0] = await redis.time()
    await trimTo((Number(seconds) - keptSeconds) * 1_000)
  }
  /** Not while Redis is away: another time will do. */
  function attempt(trimming: () => Promise<unknown>): void {
    if (redis.status === 'ready') trimming().catch(() => undefined)
  }

  return {
    start() {
      timer = setInterval(() => attempt(trimByAge), trimMs).unref()
    },
    passed(id, bytes) {
      bytesSinceMark += bytes
      if (bytesSinceMark < markBytes) return
      bytesSinceMark = 0
      marks.push(id)
      if (marks.length <= mostKeptBytes / markBytes) return
      const [oldest = id] = marks.splice(0, 1)
      attempt(() => trimTo(oldest))
    },
    stop: () => clearInterval(timer),
  }
}
