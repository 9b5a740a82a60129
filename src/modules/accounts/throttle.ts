import type { Cache } from '../../platform/cache/cache.ts'
import { rateLimited, refuse } from '../../platform/http/refusal.ts'

const windowSeconds = 15 * 60
const failuresPerAccount = 10
const failuresPerAddress = 50

/**
 * Counts a sign-in as failed before it is tried, so that many at once cannot slip through, and takes it back where it succeeds.
 * The database is not asked for one that is over the limit.
 * @throws Refusal 429 after repeated failures for the account or from the address
 */
export async function beginSignIn(
  cache: Cache,
  email: string,
  address: string,
): Promise<{ succeeded(): Promise<void> }> {
  const keys = [
    { key: `signin:account:${email.toLowerCase()}`, most: failuresPerAccount },
    { key: `signin:address:${address}`, most: failuresPerAddress },
  ]
  for (const { key, most } of keys) {
    const { count, resetSeconds } = await cache.increment(key, windowSeconds)
    if (count > most) {
      throw refuse(rateLimited, 'Too many failed sign-ins. Wait, or reset the password.', {
        retryAfterSeconds: resetSeconds,
      })
    }
  }
  return {
    async succeeded() {
      for (const { key } of keys) await cache.increment(key, windowSeconds)
    },
  }
}
