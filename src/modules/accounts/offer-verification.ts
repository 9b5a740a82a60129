import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { findLastLinkTime } from './link-queries.ts'
import { offerLink } from './offer-link.ts'
import { lockUser } from './queries.ts'
import { mayMailAgain } from './rules.ts'

/** Mails a link that verifies the person's e-mail address, unless it is verified or a mail was sent a moment ago. */
export async function offerVerification(tx: Tx, cause: Cause, input: { userId: string }): Promise<void> {
  const user = await lockUser(tx, input.userId)
  if (!user || user.email_verified_at) return
  if (!mayMailAgain(await findLastLinkTime(tx, user.id, 'email_verification'), cause.at)) return
  await offerLink(tx, cause, { purpose: 'email_verification', user })
}
