import { overloaded, refuse } from './http/refusal.ts'

/**
 * Lets at most so many pieces of work run at once; the rest wait in the order they came.
 * @param mostWaiting past which more work is refused with 503, before it begins
 */
export function takeTurns(atOnce: number, mostWaiting: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0
  const waiting: (() => void)[] = []
  return async (work) => {
    if (running >= atOnce) {
      if (waiting.length >= mostWaiting) throw refuse(overloaded, overloaded.title, { retryAfterSeconds: 2 })
      await new Promise<void>((resolve) => waiting.push(resolve))
    } else running++
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }
}
