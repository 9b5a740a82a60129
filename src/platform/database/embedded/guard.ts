import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import type { Running } from './find-running.ts'
import type { EmbeddedLog } from './log.ts'

const perMinute = 5

/**
 * Watches the server, whoever started it, by the connection this process holds to it, and brings it back whenever that ends.
 * Resolves when `signal` is aborted, or after it has given up: the server died, or did not start, more than five times in a minute.
 * @param options.again gets the server to run and connects to it
 * @param options.onFailure called once, when it has given up
 */
export async function guard(
  first: Running,
  options: {
    again: () => Promise<Running>
    log: EmbeddedLog
    onFailure: (error: Error) => void
    signal: AbortSignal
  },
): Promise<void> {
  const { again, log, onFailure, signal } = options
  const aborted = signal.aborted ? Promise.resolve() : once(signal, 'abort')
  let running: Running | null = first
  let reason = 'it dies soon after it has started'
  let times: number[] = []
  for (;;) {
    if (running) await Promise.race([running.session.ended, aborted])
    if (signal.aborted) return
    if (running) log.warn({ pid: running.pid }, 'the embedded PostgreSQL went away: bringing it back')
    running = null
    const now = performance.now()
    times = [...times.filter((time) => now - time < 60_000), now]
    if (times.length > perMinute) {
      const error = new Error(`The embedded PostgreSQL does not stay up: ${reason}`)
      log.error({ err: error }, 'gave up on the embedded PostgreSQL')
      return onFailure(error)
    }
    try {
      running = await again()
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error)
      log.warn({ err: error }, 'the embedded PostgreSQL did not come back')
      await Promise.race([pause(200 * times.length), aborted])
    }
  }
}
