import { Type } from 'typebox'
import type { Deps } from '../../platform/deps.ts'
import { Id } from '../../platform/ids.ts'
import { defineJob } from '../../platform/jobs/jobs.ts'
import { composeLinkMail, type LinkErrand, linkAddress } from './link-mails.ts'
import { findLinkToMail, type LinkToMail } from './link-queries.ts'
import { createLinkTokens } from './link-tokens.ts'

/** Its payload holds the row's id alone: what opens the link is computed when the mail is written. */
export const mailLink = defineJob('accounts.mail-link', Type.Object({ linkId: Id }))

/** Mails a one-time link, unless it has stopped working meanwhile. A retry sends the same mail under the same id. */
export async function sendLink({ db, config, clock, mailer }: Deps, linkId: string): Promise<void> {
  const link = await findLinkToMail(db, linkId)
  if (!link?.email || link.used_at || link.status !== 'active' || link.expires_at <= clock.now()) return
  const errand = errandOf(link)
  const token = createLinkTokens(config.accessTokenSecrets).make(link.purpose, linkId)
  const mail = composeLinkMail(errand, linkAddress(errand, token, config), config)
  await mailer.send({ id: linkId, to: link.email, ...mail })
}

function errandOf({ purpose, hasPassword }: LinkToMail): LinkErrand {
  if (purpose === 'email_verification') return 'verification'
  return hasPassword ? 'reset' : 'invitation'
}
