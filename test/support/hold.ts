import type { Transact, Tx } from '../../src/platform/database/database.ts'

/** A transaction that has done something, and stays open. */
export interface Held {
  /** Commits it, and resolves when that is done. */
  release(): Promise<void>
}

/** Does something in a transaction and holds what it took (a connection, locks) until it is released. */
export async function hold(transact: Transact, work: (tx: Tx) => Promise<unknown>): Promise<Held> {
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  const { promise: done, resolve: doneWith } = Promise.withResolvers<void>()
  const transaction = transact(async (tx) => {
    await work(tx)
    doneWith()
    await released
  })
  await Promise.race([done, transaction])
  return {
    async release() {
      release()
      await transaction
    },
  }
}
