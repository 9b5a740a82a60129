import type { Actor } from '../../platform/actor.ts'
import type { Config } from '../../platform/config.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { refuse } from '../../platform/http/refusal.ts'
import { newId } from '../../platform/ids.ts'
import { type EndpointRow, insertEndpoint, lockNumberOfEndpoints } from './endpoint-queries.ts'
import { webhookLimit } from './errors.ts'
import { webhookCreated } from './events.ts'
import { requireDeliverable } from './require-deliverable.ts'
import { aimOf, mostEndpoints } from './rules.ts'
import type { NewWebhook } from './schemas.ts'
import { takeSecret } from './secrets.ts'

export async function createWebhook(
  tx: Tx,
  actor: Actor,
  { config, ...said }: NewWebhook & { config: Config },
): Promise<{ endpoint: EndpointRow; secret: string }> {
  requireDeliverable(said, config)
  const { secret, sealed } = takeSecret(said.secret, config.accessTokenSecrets)
  if ((await lockNumberOfEndpoints(tx)) >= mostEndpoints) throw refuse(webhookLimit)
  const endpoint = await insertEndpoint(tx, {
    id: newId(),
    url: said.url,
    description: said.description ?? null,
    events: said.events,
    sealed_secret: sealed,
    created_at: actor.at,
  })
  await publish(tx, webhookCreated, { endpointId: endpoint.id, ...aimOf(endpoint) }, actor)
  return { endpoint, secret }
}
