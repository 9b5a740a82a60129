import type { Actor } from '../../platform/actor.ts'
import type { Deps } from '../../platform/deps.ts'
import { rateLimited, refuse } from '../../platform/http/refusal.ts'

export const messagesPerMinute = 60

/** Counts a message of a person, through whichever door and node it comes. */
export async function limitMessages({ cache, config }: Deps, { userId }: Actor): Promise<void> {
  if (!config.rateLimits) return
  // Without its counters the service goes on, unlimited, rather than not at all.
  const window = await cache.increment(`messages:${userId}`, 60).catch(() => null)
  if (window && window.count > messagesPerMinute)
    throw refuse(
      rateLimited,
      `No more than ${messagesPerMinute} messages a minute: wait, then send it again.`,
      {
        retryAfterSeconds: window.resetSeconds,
      },
    )
}
