import { setTimeout as pause } from 'node:timers/promises'
import type { Database } from '../database/database.ts'
import type { Signals } from '../database/signals.ts'
import type { Log } from '../log.ts'

/** Tells those who hand events on that some wait. */
export interface FactSignals {
  /**
   * @param hear called when facts of this process are committed, and when another process says so that hands none on itself
   * @returns ends it
   */
  onWaiting(hear: () => void): () => void
}

const topic = 'facts.waiting'
/** From one word to the other processes to the next: many commits share one, since PostgreSQL wakes every process for each. */
const wordMs = 20

/**
 * Where nobody in this process hands events on, the other processes are told of its facts: after the commit, the first at once, and by one
 * word at a time. A word that is lost costs no fact: they look for themselves every second.
 */
export function watchFacts(options: {
  database: Pick<Database, 'onFacts'>
  signals: Signals
  log: Log
}): FactSignals {
  const { database, signals, log } = options
  const hearers = new Set<() => void>()
  let telling = false
  let untold = false

  const hear = () => {
    for (const hearer of hearers) hearer()
  }
  const tell = async () => {
    untold = true
    if (telling) return
    telling = true
    while (untold) {
      untold = false
      const next = pause(wordMs, undefined, { ref: false })
      await signals.tell(topic, '').catch((error) => log.debug({ err: error }, 'told nobody of new facts'))
      await next
    }
    telling = false
  }

  signals.on(topic, hear)
  database.onFacts(() => (hearers.size > 0 ? hear() : void tell()))
  return {
    onWaiting(hearer) {
      hearers.add(hearer)
      return () => hearers.delete(hearer)
    },
  }
}
