import { Type } from 'typebox'
import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { defineJob } from '../../platform/jobs/jobs.ts'
import { deleteIdentitiesOfDeleted } from './erase-queries.ts'
import { deleteOldLinks } from './link-queries.ts'
import { deleteOldSessions, deleteOldTokens } from './session-queries.ts'

export const cleanUp = defineJob('accounts.clean-up', Type.Object({}))

const dayMs = 86_400_000
const keptDays = 30
const atOnce = 5_000

/**
 * Deletes some of what nobody needs any more: not all in one transaction, which others would have to wait for.
 * @param input.tokenSeconds how long a refresh token works; until then a rotated one is known, and its reuse noticed
 * @returns whether there may be more
 */
export async function cleanUpAccounts(
  tx: Tx,
  { at }: Cause,
  input: { tokenSeconds: number },
): Promise<boolean> {
  const ago = (milliseconds: number) => new Date(at.getTime() - milliseconds)
  const gone = [
    await deleteOldSessions(tx, ago(keptDays * dayMs), atOnce),
    await deleteOldLinks(tx, ago(keptDays * dayMs), atOnce),
    await deleteOldTokens(tx, ago(input.tokenSeconds * 1_000), atOnce),
  ]
  await deleteIdentitiesOfDeleted(tx, ago(dayMs))
  return gone.includes(atOnce)
}
