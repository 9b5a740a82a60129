import closeWithGrace from 'close-with-grace'
import type { Log } from '../platform/log.ts'

const patienceMs = 30_000

/**
 * Waits for SIGTERM, SIGINT or a failure nobody caught, then closes; whatever is not closed after 30 s is cut off.
 * @param close finishes what was accepted
 */
export function untilTold(close: () => Promise<void>, log: Log): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  closeWithGrace({ delay: patienceMs, logger: log }, async ({ err, signal }) => {
    if (err) log.fatal({ err }, 'an error that nobody caught; closing')
    else log.info({ signal }, 'closing')
    await close()
    resolve()
  })
  return promise
}
