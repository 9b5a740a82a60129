import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import {
  type DeliveryRow,
  insertDeliveries,
  lockDelivery,
  updateDelivery,
  updateFailedAsPending,
} from './delivery-queries.ts'
import { lockEndpoint, updateEndpoint } from './endpoint-queries.ts'
import { webhookDisabled } from './errors.ts'
import { testEvent } from './event-types.ts'
import { webhookReplayed, webhookTested } from './events.ts'
import { queueSending } from './queue-sending.ts'

/** Sends a delivery again, whatever became of it, under the same id: a receiver that has it already knows it. */
export async function replayDelivery(
  tx: Tx,
  actor: Actor,
  { endpointId, deliveryId }: { endpointId: string; deliveryId: string },
): Promise<DeliveryRow> {
  await wake(tx, endpointId)
  const delivery = await lockDelivery(tx, { id: deliveryId, endpointId })
  if (!delivery) throw refuse(notFound)
  const due = await updateDelivery(tx, deliveryId, {
    status: 'pending',
    tries: 0,
    next_attempt_at: actor.at,
    delivered_at: null,
  })
  await queueSending(tx, [endpointId])
  await publish(tx, webhookReplayed, { endpointId, deliveries: 1 }, actor)
  return due
}

/** Sends again all that failed of what was handed over since a moment. @returns how many */
export async function replayFailed(
  tx: Tx,
  actor: Actor,
  { endpointId, since }: { endpointId: string; since: Date },
): Promise<number> {
  await wake(tx, endpointId)
  const deliveries = await updateFailedAsPending(tx, { endpointId, since, at: actor.at })
  await queueSending(tx, [endpointId])
  await publish(tx, webhookReplayed, { endpointId, deliveries }, actor)
  return deliveries
}

/** Sends a message that says nothing, whatever the endpoint listens to. */
export async function sendTest(tx: Tx, actor: Actor, endpointId: string): Promise<DeliveryRow> {
  await wake(tx, endpointId)
  const eventId = await publish(tx, webhookTested, { endpointId }, actor)
  const told = { eventId, type: testEvent.type, occurredAt: actor.at, data: { endpointId } }
  const [delivery] = await insertDeliveries(tx, told, { endpointIds: [endpointId], at: actor.at })
  if (!delivery) throw new Error('The test is there already.')
  await queueSending(tx, [endpointId])
  return delivery
}

/** Somebody is looking: it is not left to rest any longer. */
async function wake(tx: Tx, id: string): Promise<void> {
  const endpoint = await lockEndpoint(tx, id)
  if (!endpoint) throw refuse(notFound)
  if (endpoint.disabled_at !== null) throw refuse(webhookDisabled)
  if (endpoint.resting_until !== null) await updateEndpoint(tx, id, { resting_until: null })
}
