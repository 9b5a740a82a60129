import { Type } from 'typebox'
import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { defineJob } from '../../platform/jobs/jobs.ts'
import { lockUserByEmail } from './identity-queries.ts'
import { findLastLinkTime } from './link-queries.ts'
import { offerLink } from './offer-link.ts'
import { invitationSeconds, linkSeconds, mayMailAgain, mayResetPassword } from './rules.ts'

/**
 * Every request for a new password queues one, whoever asks for whom: so the answer takes as long where there is no such account,
 * and a stranger learns nothing.
 */
export const passwordForgotten = defineJob(
  'accounts.password-forgotten',
  Type.Object({ email: Type.String() }),
)

/** Mails a link to set a new password, where the address is that of somebody who may. Silent otherwise. */
export async function offerPasswordReset(tx: Tx, cause: Cause, input: { email: string }): Promise<void> {
  const user = await lockUserByEmail(tx, input.email)
  if (!user) return
  const hasPassword = user.password_hash !== null
  if (!mayResetPassword({ status: user.status, hasPassword, hasIdentity: user.hasIdentity })) return
  if (!mayMailAgain(await findLastLinkTime(tx, user.id, 'password_reset'), cause.at)) return
  const seconds = hasPassword ? linkSeconds.password_reset : invitationSeconds
  await offerLink(tx, cause, { purpose: 'password_reset', user, seconds })
}
