import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { refuse } from '../../platform/http/refusal.ts'
import { linkInvalid } from './errors.ts'
import { useLink } from './link-queries.ts'
import { makeAdmin, type NewAdmin } from './make-admin.ts'
import { type Device, type OpenedSession, openSession } from './open-session.ts'
import type { UserRow } from './queries.ts'

/**
 * Makes the first admin, signed in, for whoever holds the link that the start of the program printed. Every other way to make an
 * admin voids the link; the demo school's own admin does not count.
 */
export async function claimAdmin(
  tx: Tx,
  cause: Cause,
  input: NewAdmin & { linkId: string; device: Device; lifetimeSeconds: number },
): Promise<{ user: UserRow; session: OpenedSession; ended: string[] }> {
  const { linkId, device, lifetimeSeconds, email, name, passwordHash } = input
  const link = await useLink(tx, { id: linkId, purpose: 'admin_claim', at: cause.at })
  if (!link) throw refuse(linkInvalid)
  const { user, ended } = await makeAdmin(tx, cause, { email, name, passwordHash })
  const by = { userId: user.id, at: cause.at }
  const session = await openSession(tx, by, { userId: user.id, device, lifetimeSeconds })
  return { user, session, ended }
}
