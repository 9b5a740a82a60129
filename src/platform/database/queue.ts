import type pg from 'pg'
import { overloaded, Refusal, refuse } from '../http/refusal.ts'
import type { Log } from '../log.ts'

const toldEveryMs = 10_000

/**
 * The queue for the connections of a pool, in the order they came. While the first has waited for as long as `mostMs`, nobody else is let
 * in: they would wait as long, and a refusal at once is of more use. So what waits stays few, whatever the load.
 * @returns gets a connection; throws the Refusal 503 `overloaded`
 */
export function queueFor(pool: pg.Pool, mostMs: number, log: Log): () => Promise<pg.PoolClient> {
  const waiting = new Set<{ readonly since: number }>()
  let toldAt = Number.NEGATIVE_INFINITY

  function refuseWhileLong(now: number): void {
    const [first] = waiting
    // Also those are among the waiting who get a free one in this turn of the event loop.
    if (!first || pool.waitingCount === 0 || now - first.since < mostMs) return
    if (now - toldAt >= toldEveryMs) {
      toldAt = now
      log.warn({ waiting: pool.waitingCount }, 'no database connection is free: requests are refused')
    }
    throw refuse(overloaded, overloaded.title, { retryAfterSeconds: 1 })
  }

  return async () => {
    const since = performance.now()
    refuseWhileLong(since)
    const place = { since }
    waiting.add(place)
    try {
      return await pool.connect()
    } finally {
      waiting.delete(place)
    }
  }
}

/** Whether an error says that the database was waited for in vain. Whoever asks next would wait as long. */
export function isAway(error: unknown): boolean {
  if (error instanceof Refusal) return error.kind === overloaded
  if (!(error instanceof Error)) return false
  // A connection that is not to be had (pg-pool/index.js), or was given up (silence.ts).
  return (
    error.message === 'timeout exceeded when trying to connect' ||
    ('code' in error && error.code === 'ETIMEDOUT')
  )
}
