import { Type } from 'typebox'
import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { defineJob } from '../../platform/jobs/jobs.ts'
import { deleteIdentitiesOfDeleted } from './erase-queries.ts'
import { deleteOldLinks } from './link-queries.ts'
import { deleteOldSessions } from './session-queries.ts'

export const cleanUp = defineJob('accounts.clean-up', Type.Object({}))

const dayMs = 86_400_000
const keptDays = 30
const atOnce = 5_000

/**
 * Deletes some of what nobody needs any more: not all in one transaction, which others would have to wait for.
 * @returns whether there may be more
 */
export async function cleanUpAccounts(tx: Tx, { at }: Cause): Promise<boolean> {
  const before = new Date(at.getTime() - keptDays * dayMs)
  const sessions = await deleteOldSessions(tx, before, atOnce)
  const links = await deleteOldLinks(tx, before, atOnce)
  await deleteIdentitiesOfDeleted(tx, new Date(at.getTime() - dayMs))
  return sessions === atOnce || links === atOnce
}
