import type { Clock } from '../../platform/clock.ts'
import type { Db, Tx } from '../../platform/database/database.ts'
import { type Signals, signal } from '../../platform/database/signals.ts'
import type { Revocations } from '../../platform/http/revocations.ts'
import { findRevokedSince, isSessionOpen } from './session-queries.ts'

const topic = 'session.revoked'

/** Tells every node, with the commit, that sessions have ended. */
export async function announceRevoked(tx: Tx, sessionIds: readonly string[]): Promise<void> {
  for (const id of sessionIds) await signal(tx, topic, id)
}

/**
 * The sessions that ended while an access token of theirs may still be unexpired, kept in memory by signals: a check costs no
 * I/O, and a restart or a lost connection reads them anew.
 * @param lifetimeSeconds of an access token
 */
export async function watchRevocations(options: {
  signals: Signals
  db: Db
  clock: Clock
  lifetimeSeconds: number
}): Promise<Revocations> {
  const { signals, db, clock, lifetimeSeconds } = options
  const until = new Map<string, number>()
  const lifetime = lifetimeSeconds * 1_000

  function add(sessionIds: readonly string[]): void {
    const now = clock.now().getTime()
    for (const id of sessionIds) until.set(id, now + lifetime)
    // A Map iterates in the order of insertion, so the expired ones come first.
    for (const [id, end] of until) {
      if (end > now) break
      until.delete(id)
    }
  }

  signals.on(topic, (id) => add([id]))
  await signals.onConnect(async () => {
    add(await findRevokedSince(db, new Date(clock.now().getTime() - lifetime)))
  })
  return {
    add,
    has: (id) => (signals.connected() ? until.has(id) : isSessionOpen(db, id).then((open) => !open)),
  }
}
