import type { Clock } from '../../platform/clock.ts'
import type { Db, Tx } from '../../platform/database/database.ts'
import { type Signals, signal } from '../../platform/database/signals.ts'
import type { Revocations } from '../../platform/http/revocations.ts'
import { findRevokedSince, isSessionOpen } from './session-queries.ts'

const topic = 'session.revoked'

// A signal takes 8,000 bytes, an id 37.
const idsPerSignal = 200

/** Nodes' clocks differ a little, and a session may be marked as ended a moment before others hear of it. */
const skewMs = 60_000

/** Tells every node, with the commit, that sessions have ended. */
export async function announceRevoked(tx: Tx, sessionIds: readonly string[]): Promise<void> {
  for (let from = 0; from < sessionIds.length; from += idsPerSignal) {
    await signal(tx, topic, sessionIds.slice(from, from + idsPerSignal).join(' '))
  }
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
  const lifetime = lifetimeSeconds * 1_000 + skewMs
  const hearers: ((sessionIds: readonly string[]) => void)[] = []

  function add(sessionIds: readonly string[]): void {
    const now = clock.now().getTime()
    for (const id of sessionIds) {
      // A Map iterates in the order of insertion: put anew at its end, so that those that expire first come first.
      until.delete(id)
      until.set(id, now + lifetime)
    }
    for (const [id, end] of until) {
      if (end > now) break
      until.delete(id)
    }
    for (const hear of hearers) hear(sessionIds)
  }

  signals.on(topic, (ids) => add(ids.split(' ')))
  await signals.onConnect(async () => {
    add(await findRevokedSince(db, new Date(clock.now().getTime() - lifetime)))
  })
  return {
    add,
    onEnd: (hear) => void hearers.push(hear),
    has: (id) => (signals.connected() ? until.has(id) : isSessionOpen(db, id).then((open) => !open)),
  }
}
