import type { Tx } from '../../platform/database/database.ts'
import { type Signals, signal } from '../../platform/database/signals.ts'
import { setBounded } from './bounded-map.ts'

const topic = 'user.changed'
const mostChanging = 1_000

// Announced by this process and not yet heard of: until then memory is not believed, so that a person who was suspended here is
// not let in during the moment between the commit and its signal.
const changing = new Map<string, true>()

/**
 * Tells every node, with the commit, that a person's role or status has changed. Every change of role, suspension, restoration
 * and deletion calls it: nodes remember who an outside bearer is, and forget it on this.
 */
export async function announceUserChanged(tx: Tx, userId: string): Promise<void> {
  setBounded(changing, userId, true, mostChanging)
  await signal(tx, topic, userId)
}

/** Hears of the people whose role or status has changed. */
export function onUserChanged(signals: Signals, hear: (userId: string) => void): void {
  signals.on(topic, (userId) => {
    hear(userId)
    changing.delete(userId)
  })
}

/** Whether what memory says of a person may be out of date on this very node. */
export function mayBeChanging(userId: string): boolean {
  return changing.has(userId)
}
