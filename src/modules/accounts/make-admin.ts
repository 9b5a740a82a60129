import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { deleteIdentities } from './erase-queries.ts'
import { adminMade, emailVerified, passwordChanged, userRestored, userRoleChanged } from './events.ts'
import { lockUserByEmail } from './identity-queries.ts'
import { voidClaimLink } from './link-queries.ts'
import { type UserRow, updateUser } from './queries.ts'
import { registerUser } from './register-user.ts'
import { revokeSessions } from './revoke-sessions.ts'
import { announceUserChanged } from './user-signals.ts'

export interface NewAdmin {
  readonly email: string
  readonly name: string
  readonly passwordHash: string
}

/**
 * Makes an admin for whoever runs the school: a new account, or the one that has this address. The way to claim the first admin
 * closes with it.
 * @returns the admin, and the sessions that ended, for `deps.revocations.add` after the commit
 */
export async function makeAdmin(
  tx: Tx,
  cause: Cause,
  input: NewAdmin,
): Promise<{ user: UserRow; ended: string[] }> {
  await voidClaimLink(tx, cause.at)
  const holder = await lockUserByEmail(tx, input.email)
  if (holder) return promote(tx, cause, holder, input.passwordHash)
  const user = await registerUser(tx, cause, { ...input, role: 'admin', emailVerified: true })
  await publish(tx, adminMade, { userId: user.id, isNew: true }, cause)
  return { user, ended: [] }
}

/** Whoever registered the address before may not be its owner: the password is replaced, and every other way in is closed. */
async function promote(
  tx: Tx,
  cause: Cause,
  holder: UserRow,
  passwordHash: string,
): Promise<{ user: UserRow; ended: string[] }> {
  const userId = holder.id
  if (!holder.email_verified_at) {
    await deleteIdentities(tx, userId)
    await publish(tx, emailVerified, { userId }, cause)
  }
  const user = await updateUser(tx, userId, {
    role: 'admin',
    status: 'active',
    demo: false,
    password_hash: passwordHash,
    email_verified_at: holder.email_verified_at ?? cause.at,
    updated_at: cause.at,
  })
  if (!user) throw refuse(notFound)
  if (holder.role !== 'admin')
    await publish(tx, userRoleChanged, { userId, from: holder.role, to: 'admin' }, cause)
  if (holder.status !== 'active')
    await publish(tx, userRestored, { userId, from: holder.status, to: 'active' }, cause)
  await publish(tx, passwordChanged, { userId, how: 'set_by_operator' }, cause)
  await publish(tx, adminMade, { userId, isNew: false }, cause)
  await announceUserChanged(tx, userId)
  return { user, ended: await revokeSessions(tx, cause, { userId, reason: 'made_admin' }) }
}
