import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { emailVerified, passwordChanged } from './events.ts'
import { voidLinks } from './link-queries.ts'
import { updateUser } from './queries.ts'
import { revokeSessions } from './revoke-sessions.ts'
import { takeLink } from './take-link.ts'

/**
 * Sets a new password by a link from a mail, which proves the address, too. Every other such link and every session of the person
 * ends: whoever knew the old password is out.
 * @returns the sessions that ended, for `deps.revocations.add` after the commit, and the person's address
 */
export async function resetPassword(
  tx: Tx,
  cause: Cause,
  input: { linkId: string; passwordHash: string },
): Promise<{ email: string; ended: string[] }> {
  const { linkId, passwordHash } = input
  const user = await takeLink(tx, cause, { linkId, purpose: 'password_reset' })
  const by = { userId: user.id, at: cause.at }
  await updateUser(tx, user.id, {
    password_hash: passwordHash,
    email_verified_at: user.email_verified_at ?? cause.at,
    updated_at: cause.at,
  })
  await voidLinks(tx, user.id, 'password_reset', cause.at)
  await publish(tx, passwordChanged, { userId: user.id, how: 'reset' }, by)
  if (!user.email_verified_at) await publish(tx, emailVerified, { userId: user.id }, by)
  const ended = await revokeSessions(tx, by, { userId: user.id, reason: 'password_reset' })
  return { email: user.email, ended }
}
