import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { refuse } from '../../platform/http/refusal.ts'
import { accountSuspended, invalidCredentials } from './errors.ts'
import { type Device, type OpenedSession, openSession } from './open-session.ts'
import { holdUser, type UserRow } from './queries.ts'

/**
 * Opens a session for somebody whose password was right a moment ago. The person is read again and held: while the password was
 * hashed, it may have been changed, or the person suspended or given another role, and a session opened after that would escape it.
 */
export async function signIn(
  tx: Tx,
  cause: Cause,
  input: { userId: string; passwordHash: string; device: Device; lifetimeSeconds: number },
): Promise<{ user: UserRow; session: OpenedSession }> {
  const { userId, passwordHash, device, lifetimeSeconds } = input
  const user = await holdUser(tx, userId)
  if (user?.password_hash !== passwordHash) throw refuse(invalidCredentials)
  if (user.status !== 'active') throw refuse(accountSuspended)
  const session = await openSession(tx, { userId, at: cause.at }, { userId, device, lifetimeSeconds })
  return { user, session }
}
