import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { newId } from '../../platform/ids.ts'
import { addJobs } from '../../platform/jobs/jobs.ts'
import { findAddressees } from '../accounts/index.ts'
import { lockDueDigests, updateAsGathered, updateNextDigests } from './digest-queries.ts'
import { mailDigest } from './job-types.ts'
import { nextDigestAt } from './rules.ts'

/**
 * Begins the digests that are due, of some hundred people: that they are begun and when the next ones are due commits together, so
 * whichever node does it, it is done once. After a night without a server it is one digest, not one for each that was missed.
 * @returns whether there may be more
 */
export async function beginDigests(tx: Tx, { at }: Cause, { atOnce }: { atOnce: number }): Promise<boolean> {
  const due = await lockDueDigests(tx, { at, limit: atOnce })
  const ids = due.map((row) => row.user_id)
  const people = new Map((await findAddressees(tx, ids)).map((person) => [person.id, person]))
  await updateNextDigests(
    tx,
    due.map(({ user_id: userId, digest }) => ({
      userId,
      nextAt: nextDigestAt(digest, { timezone: people.get(userId)?.timezone ?? null, after: at }),
    })),
  )
  await collectDigests(tx, ids)
  return due.length === atOnce
}

/** One mail to each of these people for all that waits for them, if anything does. */
export async function collectDigests(tx: Tx, userIds: readonly string[]): Promise<void> {
  const digests = userIds.map((userId) => ({ userId, digestId: newId() }))
  const gathered = new Set(await updateAsGathered(tx, digests))
  await addJobs(
    tx,
    mailDigest,
    digests.filter(({ digestId }) => gathered.has(digestId)),
  )
}
