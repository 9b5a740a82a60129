import { createMemoryCache } from '../../platform/cache/memory.ts'
import type { Deps } from '../../platform/deps.ts'
import { networkOf } from '../../platform/http/rate-limits.ts'
import { rateLimited, refuse } from '../../platform/http/refusal.ts'

const windowSeconds = 15 * 60
const failuresPerAccount = 10
/** Many people of one school may sit behind one address. */
const failuresPerAddress = 100
const mostKeys = 10_000

export interface Attempt {
  succeeded(): Promise<void>
  /** Takes it back as well, since nothing was compared, and throws on why. */
  abandon(why: unknown): Promise<never>
}

export interface Throttle {
  /**
   * Counts a password as wrong before it is compared, so that many at once cannot slip through; `succeeded` takes it back. The
   * database is not asked for one that is over the limit.
   * @throws Refusal 429 after repeated failures from the address or for the account
   */
  begin(email: string, address: string): Promise<Attempt>
  /** Forgets the failures of an account whose password was set anew. */
  forgive(email: string): Promise<void>
}

/** Slows down who guesses passwords. While the shared cache is away, each node counts for itself. */
export function createThrottle({ cache, clock, log }: Pick<Deps, 'cache' | 'clock' | 'log'>): Throttle {
  const own = createMemoryCache({ clock, maxEntries: mostKeys })

  async function count(key: string, by: number) {
    try {
      return await cache.increment(key, windowSeconds, by)
    } catch (error) {
      log.warn({ err: error }, 'counting failed sign-ins on this node alone')
      return own.increment(key, windowSeconds, by)
    }
  }

  return {
    async begin(email, address) {
      // The address first: one that is over its limit must not go on locking other people's accounts.
      const keys = [
        { key: `signin:address:${networkOf(address)}`, most: failuresPerAddress },
        { key: accountKey(email), most: failuresPerAccount },
      ]
      for (const { key, most } of keys) {
        const window = await count(key, 1)
        if (window.count > most) {
          throw refuse(rateLimited, 'Too many failed sign-ins. Wait, or reset the password.', {
            retryAfterSeconds: window.resetSeconds,
          })
        }
      }
      const takeBack = async () => {
        for (const { key } of keys) await count(key, -1)
      }
      return {
        succeeded: takeBack,
        async abandon(why) {
          await takeBack()
          throw why
        },
      }
    },
    async forgive(email) {
      await Promise.all([cache, own].map((counts) => counts.delete(accountKey(email)).catch(() => undefined)))
    },
  }
}

function accountKey(email: string): string {
  return `signin:account:${email.toLowerCase()}`
}
