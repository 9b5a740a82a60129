import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { refuse } from '../../platform/http/refusal.ts'
import { addJob } from '../../platform/jobs/jobs.ts'
import { anonymizeUser, eraseTraces } from './erase-queries.ts'
import { lastAdmin } from './errors.ts'
import { userDeleted } from './events.ts'
import { lockUserAndAdmins, type UserRow } from './queries.ts'
import { removeAvatar } from './remove-avatar.ts'
import { revokeSessions } from './revoke-sessions.ts'
import { leavesNoAdmin } from './rules.ts'
import { announceUserChanged } from './user-signals.ts'

/**
 * Deletes a person: nothing of them stays here but a row that tells nothing, and other modules do the same when they hear of it.
 * @param input.allowed throws where the person, as held now, may not be deleted by whoever asks
 * @returns the sessions that ended, for `deps.revocations.add` after the commit; null where there is no such person
 */
export async function eraseUser(
  tx: Tx,
  cause: Cause,
  input: { userId: string; allowed?: (user: UserRow) => void },
): Promise<string[] | null> {
  const { userId, allowed } = input
  const { user, admins } = await lockUserAndAdmins(tx, userId)
  if (!user) return null
  allowed?.(user)
  if (leavesNoAdmin(admins, userId, null)) throw refuse(lastAdmin)
  const ended = await revokeSessions(tx, cause, { userId, reason: 'user_deleted' })
  await eraseTraces(tx, userId)
  await anonymizeUser(tx, userId, cause.at)
  if (user.avatar_key) await addJob(tx, removeAvatar, { userId, key: user.avatar_key })
  await announceUserChanged(tx, userId)
  await publish(tx, userDeleted, { userId, role: user.role, status: user.status }, cause)
  return ended
}
