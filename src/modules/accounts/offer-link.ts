import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { newId } from '../../platform/ids.ts'
import { addJob } from '../../platform/jobs/jobs.ts'
import { insertLink } from './link-queries.ts'
import { mailLink } from './mail-link.ts'
import { linkSeconds } from './rules.ts'

/** Makes a one-time link for a person and queues the mail that carries it. */
export async function offerLink(
  tx: Tx,
  cause: Cause,
  input: {
    purpose: 'password_reset' | 'email_verification'
    user: { id: string; email: string }
    seconds?: number
  },
): Promise<void> {
  const { purpose, user, seconds = linkSeconds[purpose] } = input
  const id = newId()
  await insertLink(tx, {
    id,
    purpose,
    user_id: user.id,
    email: user.email,
    created_at: cause.at,
    expires_at: new Date(cause.at.getTime() + seconds * 1_000),
  })
  await addJob(tx, mailLink, { linkId: id })
}
