import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { emailVerified } from './events.ts'
import { updateUser } from './queries.ts'
import { takeLink } from './take-link.ts'

/** Marks an e-mail address as its owner's, by the link that was mailed to it. */
export async function verifyEmail(tx: Tx, cause: Cause, input: { linkId: string }): Promise<void> {
  const user = await takeLink(tx, cause, { linkId: input.linkId, purpose: 'email_verification' })
  if (user.email_verified_at) return
  await updateUser(tx, user.id, { email_verified_at: cause.at, updated_at: cause.at })
  await publish(tx, emailVerified, { userId: user.id }, { userId: user.id, at: cause.at })
}
