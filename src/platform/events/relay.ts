import { setTimeout as pause } from 'node:timers/promises'
import type { Deps } from '../deps.ts'
import type { Subscriber } from './events.ts'
import { handOnWaiting } from './hand-on.ts'

/** How often to look unasked: the net for what nobody was woken for, such as the facts of a process that died right after its commit. */
const usualPollMs = 1_000
/** From the begin of one round to that of the next: the busier a school, the more facts a round has. */
const roundMs = 20

export interface Relay {
  /** Begins no other round, and resolves when the one under way has ended. */
  stop(): Promise<void>
}

/** Hands events on to their subscribers, as soon as their facts are committed, here or by another process. Any number may do so at once. */
export function startRelay(
  { transact, facts, log, metrics }: Pick<Deps, 'transact' | 'facts' | 'log' | 'metrics'>,
  subscribers: readonly Subscriber[],
  { pollMs = usualPollMs }: { pollMs?: number } = {},
): Relay {
  const stopping = new AbortController()
  const { signal } = stopping
  let woken = Promise.withResolvers<void>()
  const stopListening = facts.onWaiting(() => woken.resolve())

  async function run(): Promise<void> {
    while (!signal.aborted) {
      const nextRound = pause(roundMs, undefined, { signal, ref: false }).catch(() => undefined)
      woken = Promise.withResolvers()
      try {
        metrics.observeHandedOn(await handOnWaiting(transact, subscribers))
      } catch (error) {
        log.warn({ err: error }, 'could not hand events on; they wait for the next round')
        woken = Promise.withResolvers()
      }
      await nextRound
      await wokenOrLate()
    }
  }

  async function wokenOrLate(): Promise<void> {
    const waiting = new AbortController()
    const either = AbortSignal.any([signal, waiting.signal])
    const late = pause(pollMs, undefined, { signal: either }).catch(() => undefined)
    await Promise.race([woken.promise, late])
    waiting.abort()
  }

  const ended = run()
  return {
    async stop() {
      stopListening()
      stopping.abort()
      await ended
    },
  }
}
