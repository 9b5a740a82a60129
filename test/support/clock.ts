import type { Clock } from '../../src/platform/clock.ts'

export interface TestClock extends Clock {
  /** Moves the time on. */
  advance(by: { seconds?: number; minutes?: number; hours?: number; days?: number }): void
}

/** A clock that starts at the real time and stands still until it is moved. */
export function testClock(): TestClock {
  let now = Date.now()
  return {
    now: () => new Date(now),
    advance({ seconds = 0, minutes = 0, hours = 0, days = 0 }) {
      now += (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1_000
    },
  }
}
