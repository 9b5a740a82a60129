import type { Clock } from '../src/clock.ts'

export interface ManualClock extends Clock {
  /** Moves this device's time on, and does what was due by then. */
  advance(seconds: number): void
  /** What waits, in milliseconds from now. */
  readonly waiting: readonly number[]
}

/** A device's clock that stands still until it is moved, and need not show what the server's shows. */
export function manualClock(startsAt: number): ManualClock {
  let now = startsAt
  const timers = new Map<object, { readonly at: number; readonly work: () => void }>()
  return {
    now: () => now,
    after(ms, work) {
      const timer = {}
      timers.set(timer, { at: now + ms, work })
      return () => void timers.delete(timer)
    },
    advance(seconds) {
      now += seconds * 1_000
      for (const [timer, { at, work }] of timers) {
        if (at > now) continue
        timers.delete(timer)
        work()
      }
    },
    get waiting() {
      return [...timers.values()].map(({ at }) => at - now)
    },
  }
}
