import type { Tx } from '../../platform/database/database.ts'
import type { Fact } from '../../platform/events/events.ts'
import { findActiveAdmins } from '../accounts/index.ts'
import { tellPeople, type Words } from '../notifications/index.ts'
import { findEndpoint } from './endpoint-queries.ts'

/** Every admin hears that a program is not told any more, since nobody there can say so; unless it was enabled again meanwhile. */
export async function tellAdmins(tx: Tx, fact: Fact<{ endpointId: string }>): Promise<void> {
  const endpoint = await findEndpoint(tx, fact.payload.endpointId)
  const reason = endpoint?.disabled_reason
  if (!endpoint || !reason) return
  // The path of an address may be a secret of its own.
  const { host } = new URL(endpoint.url)
  const data = { event: fact.type, webhookId: endpoint.id, reason }
  const notice = { factId: fact.id, kind: 'webhook' as const, data, ...disabledWords(host, reason) }
  await tellPeople(tx, fact, { notice, userIds: await findActiveAdmins(tx) })
}

const because = {
  admin: 'an admin disabled it.',
  gone: 'it answered 410 Gone, which means that it wants no more.',
  failing: 'nothing got through for three days.',
}

function disabledWords(host: string, reason: keyof typeof because): Words {
  return {
    title: `The webhook to ${host} was disabled`,
    body: `The school tells ${host} nothing any more: ${because[reason]} What waited has failed; the log of the webhook has the answers. When the receiver is well again, enable the webhook, and replay what failed.`,
  }
}
