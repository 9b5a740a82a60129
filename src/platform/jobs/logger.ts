import { Logger } from 'graphile-worker'
import type { Log } from '../log.ts'

/** The job queue's own messages in our log: its chatter at debug, what went wrong at its level. */
export function quietLogger(log: Log): Logger {
  return new Logger((scope) => (level, message, meta) => {
    const details = { ...scope, ...(meta?.error ? { err: meta.error } : {}) }
    if (level === 'error') log.error(details, message)
    else if (level === 'warning') log.warn(details, message)
    else log.debug(details, message)
  })
}
