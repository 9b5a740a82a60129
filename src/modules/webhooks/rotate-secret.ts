import type { Actor } from '../../platform/actor.ts'
import type { Config } from '../../platform/config.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { type EndpointRow, lockEndpoint, updateEndpoint } from './endpoint-queries.ts'
import { webhookSecretRotated } from './events.ts'
import { takeSecret } from './secrets.ts'

const overlapMs = 86_400_000

/** The new secret signs from now on, and the one before beside it for a day. One that was older ceases: rotate twice to be rid of a secret. */
export async function rotateSecret(
  tx: Tx,
  actor: Actor,
  said: { id: string; secret: string | undefined; config: Config },
): Promise<{ endpoint: EndpointRow; secret: string }> {
  const { secret, sealed } = takeSecret(said.secret, said.config.accessTokenSecrets)
  const before = await lockEndpoint(tx, said.id)
  if (!before) throw refuse(notFound)
  const endpoint = await updateEndpoint(tx, said.id, {
    sealed_secret: sealed,
    sealed_old_secret: before.sealed_secret,
    old_secret_until: new Date(actor.at.getTime() + overlapMs),
    updated_at: actor.at,
  })
  await publish(tx, webhookSecretRotated, { endpointId: said.id }, actor)
  return { endpoint, secret }
}
