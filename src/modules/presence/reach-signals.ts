import type { Tx } from '../../platform/database/database.ts'
import { signal } from '../../platform/database/signals.ts'

export const reachTopic = 'presence.reach'

/** Tells every node, with the commit, that somebody may be out of reach of others now, and those of them. */
export async function announceReachChanged(tx: Tx, userId: string): Promise<void> {
  await signal(tx, reachTopic, userId)
}
