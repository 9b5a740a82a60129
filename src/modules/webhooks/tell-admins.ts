import { Type } from 'typebox'
import type { Tx } from '../../platform/database/database.ts'
import type { Deps } from '../../platform/deps.ts'
import type { Fact } from '../../platform/events/events.ts'
import { Id } from '../../platform/ids.ts'
import { addJobs, defineJob } from '../../platform/jobs/jobs.ts'
import { findActiveAdmins, findAddressees } from '../accounts/index.ts'
import { findEndpoint } from './endpoint-queries.ts'

export const mailDisabled = defineJob(
  'webhooks.mail-disabled',
  Type.Object({ factId: Id, endpointId: Id, userId: Id }),
)

/** Every admin hears by mail that a program is not told any more: nobody there can say so. */
export async function tellAdmins(tx: Tx, fact: Fact<{ endpointId: string }>): Promise<void> {
  const { endpointId } = fact.payload
  const admins = await findActiveAdmins(tx)
  await addJobs(
    tx,
    mailDisabled,
    admins.map((userId) => ({ factId: fact.id, endpointId, userId })),
  )
}

const because = {
  admin: 'an admin disabled it.',
  gone: 'it answered 410 Gone, which means that it wants no more.',
  failing: 'nothing got through for three days.',
}

/** Unless it was enabled again in the meantime. */
export async function sendDisabledMail(
  { db, mailer, config }: Deps,
  said: { factId: string; endpointId: string; userId: string },
): Promise<void> {
  const endpoint = await findEndpoint(db, said.endpointId)
  const [person] = await findAddressees(db, [said.userId])
  if (!endpoint?.disabled_reason || !person?.verified) return
  // The path of an address may be a secret of its own.
  const { host } = new URL(endpoint.url)
  await mailer.send({
    id: `${said.factId}.${said.userId}`,
    to: person.email,
    subject: `The webhook to ${host} was disabled`,
    text: [
      `${config.schoolName} tells ${host} nothing any more: ${because[endpoint.disabled_reason]}`,
      `What waited has failed; the log of the webhook ${endpoint.id} has the answers. When the receiver is well again, enable the webhook, and replay what failed.`,
      `${config.publicUrl}/docs/`,
    ].join('\n\n'),
  })
}
