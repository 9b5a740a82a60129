import { Type } from 'typebox'
import type { Tx } from '../../platform/database/database.ts'
import type { Deps } from '../../platform/deps.ts'
import { defineJob } from '../../platform/jobs/jobs.ts'
import { deleteIdentitiesOfDeleted } from './erase-queries.ts'
import { deleteOldLinks } from './link-queries.ts'
import { deleteOldSessions } from './session-queries.ts'

export const cleanUp = defineJob('accounts.clean-up', Type.Object({}))

const dayMs = 86_400_000
const keptDays = 30
const atOnce = 5_000

/** Deletes what nobody needs any more, in small transactions. */
export async function cleanUpAccounts({ transact, clock }: Deps): Promise<void> {
  const now = clock.now().getTime()
  const before = new Date(now - keptDays * dayMs)
  await repeat((tx) => deleteOldSessions(tx, before, atOnce))
  await repeat((tx) => deleteOldLinks(tx, before, atOnce))
  await transact((tx) => deleteIdentitiesOfDeleted(tx, new Date(now - dayMs)))

  async function repeat(work: (tx: Tx) => Promise<number>): Promise<void> {
    while ((await transact(work)) === atOnce);
  }
}
