import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { deleteEndpoint } from './endpoint-queries.ts'
import { webhookDeleted } from './events.ts'

/** With its log, and with what waits. */
export async function deleteWebhook(tx: Tx, actor: Actor, id: string): Promise<void> {
  if (!(await deleteEndpoint(tx, id))) throw refuse(notFound)
  await publish(tx, webhookDeleted, { endpointId: id }, actor)
}
