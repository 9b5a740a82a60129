import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { refuse } from '../../platform/http/refusal.ts'
import { invalidCredentials } from './errors.ts'
import { passwordChanged } from './events.ts'
import { voidLinks } from './link-queries.ts'
import { lockUser, updateUser } from './queries.ts'
import { revokeSessions } from './revoke-sessions.ts'

/**
 * Sets a new password for somebody who knew the old one: its hash must still be the one that was compared.
 * @returns the sessions that ended: all but the one this is done in
 */
export async function changePassword(
  tx: Tx,
  actor: Actor,
  input: { oldHash: string; newHash: string },
): Promise<string[]> {
  const { userId, sessionId, at } = actor
  const user = await lockUser(tx, userId)
  if (user?.password_hash !== input.oldHash) throw refuse(invalidCredentials)
  await updateUser(tx, userId, { password_hash: input.newHash, updated_at: at })
  await voidLinks(tx, userId, 'password_reset', at)
  await publish(tx, passwordChanged, { userId, how: 'changed' }, actor)
  return revokeSessions(tx, actor, { userId, except: sessionId, reason: 'password_changed' })
}
