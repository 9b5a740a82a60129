import type { Actor } from '../../platform/actor.ts'
import type { Config } from '../../platform/config.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { updatePendingAsFailed } from './delivery-queries.ts'
import { type EndpointRow, lockEndpoint, updateEndpoint } from './endpoint-queries.ts'
import { webhookChanged } from './events.ts'
import { requireDeliverable } from './require-deliverable.ts'
import { aimOf } from './rules.ts'
import type { WebhookChange } from './schemas.ts'

const wellAgain = { failing_since: null, failures: 0, resting_until: null }

/** Changes what goes where from now on. Enabled again or sent elsewhere, it begins as if nothing had failed. */
export async function changeWebhook(
  tx: Tx,
  actor: Actor,
  { id, config, ...said }: WebhookChange & { id: string; config: Config },
): Promise<EndpointRow> {
  requireDeliverable(said, config)
  const endpoint = await lockEndpoint(tx, id)
  if (!endpoint) throw refuse(notFound)
  const { url, events, description, enabled } = said
  const isEnded = enabled === false && endpoint.disabled_at === null
  const isBegun = enabled === true && endpoint.disabled_at !== null
  const changed = await updateEndpoint(tx, id, {
    ...(url === undefined ? {} : { url }),
    ...(events === undefined ? {} : { events }),
    ...(description === undefined ? {} : { description }),
    ...(isEnded ? { disabled_at: actor.at, disabled_reason: 'admin' as const } : {}),
    ...(isBegun ? { disabled_at: null, disabled_reason: null } : {}),
    ...(isBegun || (url !== undefined && url !== endpoint.url) ? wellAgain : {}),
    updated_at: actor.at,
  })
  if (isEnded) await updatePendingAsFailed(tx, id)
  await publish(tx, webhookChanged, { endpointId: id, ...aimOf(changed), fields: Object.keys(said) }, actor)
  return changed
}
