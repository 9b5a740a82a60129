import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { refuse } from '../../platform/http/refusal.ts'
import { linkInvalid } from './errors.ts'
import { lockUserOfLink, useLink } from './link-queries.ts'
import type { UserRow } from './queries.ts'

/**
 * Takes a one-time link from a mail: the person it was for, held before the link is, as everywhere.
 * @throws Refusal 400 where the link is unknown, used or expired
 */
export async function takeLink(
  tx: Tx,
  cause: Cause,
  input: { linkId: string; purpose: 'password_reset' | 'email_verification' },
): Promise<UserRow> {
  const { linkId, purpose } = input
  const user = await lockUserOfLink(tx, linkId)
  const link = await useLink(tx, { id: linkId, purpose, at: cause.at })
  if (!link || user?.status !== 'active' || user.email !== link.email) throw refuse(linkInvalid)
  return user
}
