import { expect } from 'vitest'
import type { Tx } from '../../src/platform/database/database.ts'
import type { World } from './world.ts'

/** Does the first, and the second before the first is committed: it waits. */
export async function oneBehind<First, Second>(
  { deps, database }: World,
  first: (tx: Tx) => Promise<First>,
  second: () => Promise<Second>,
): Promise<[First, Second]> {
  const { promise: held, resolve: release } = Promise.withResolvers<void>()
  const { promise: done, resolve: doneWith } = Promise.withResolvers<void>()
  const earlier = deps.transact(async (tx) => {
    const result = await first(tx)
    doneWith()
    await held
    return result
  })
  await done
  const later = second()
  // until a statement of another waits for a lock
  await expect
    .poll(async () => {
      const { rows } = await database.pool.query(
        `select count(*)::int as waiting from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      )
      return rows[0].waiting
    })
    .toBeGreaterThan(0)
  release()
  return Promise.all([earlier, later])
}
