import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { sessionsRevoked } from './events.ts'
import { announceRevoked } from './revocations.ts'
import { endSessions } from './session-queries.ts'

/**
 * Ends open sessions of a person: all, or `only` one, or all `except` one. Their access tokens stop working with the commit, on
 * every node; give the ids to `deps.revocations.add` after it so that this node does not even wait for the signal.
 */
export async function revokeSessions(
  tx: Tx,
  cause: Cause,
  which: { userId: string; only?: string; except?: string | null; reason: string },
): Promise<string[]> {
  const { userId, reason } = which
  const ids = await endSessions(tx, which, { at: cause.at, reason })
  if (ids.length === 0) return ids
  await announceRevoked(tx, ids)
  await publish(tx, sessionsRevoked, { userId, sessionIds: ids, reason }, cause)
  return ids
}
