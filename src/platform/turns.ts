import { isAway } from './database/queue.ts'
import { overloaded, refuse } from './http/refusal.ts'

/**
 * Lets at most so many pieces of work run at once; the rest wait in the order they came. Where one waited in vain for the database, all
 * who wait are told so: one after the other they would wait as long.
 * @param mostWaiting past which more work is refused with 503, before it begins
 */
export function takeTurns(atOnce: number, mostWaiting: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0
  const waiting: PromiseWithResolvers<void>[] = []
  return async (work) => {
    if (running >= atOnce) {
      if (waiting.length >= mostWaiting) throw refuse(overloaded, overloaded.title, { retryAfterSeconds: 2 })
      const turn = Promise.withResolvers<void>()
      waiting.push(turn)
      await turn.promise
    } else running++
    try {
      return await work()
    } catch (error) {
      if (isAway(error)) for (const { reject } of waiting.splice(0)) reject(error)
      throw error
    } finally {
      const next = waiting.shift()
      if (next) next.resolve()
      else running--
    }
  }
}
