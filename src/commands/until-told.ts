import closeWithGrace from 'close-with-grace'
import type { Log } from '../platform/log.ts'
import type { Family } from '../platform/processes/family.ts'

const patienceMs = 30_000

/**
 * Waits for SIGTERM, SIGINT or a failure nobody caught, then closes; whatever is not closed after 30 s is cut off.
 * @param close finishes what was accepted
 * @param family one of several processes is told to close by the one that looks after them
 */
export function untilTold(close: () => Promise<void>, log: Log, family: Family | null = null): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const skip = family ? [...signals] : []
  const grace = closeWithGrace({ delay: patienceMs, logger: log, skip }, async ({ err, signal }) => {
    if (err) log.fatal({ err }, 'an error that nobody caught; closing')
    else log.info({ signal }, 'closing')
    await close()
    resolve()
  })
  if (family) {
    // A terminal, or whoever watches over a group of processes, sends a signal to each of them, and we are told besides: once is enough.
    let told = false
    const end = () => {
      if (!told) void grace.close()
      told = true
    }
    for (const signal of signals) process.on(signal, end)
    family.onClose(end)
  }
  return promise
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
