import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { insertDeliveries, type Told } from './delivery-queries.ts'
import { findListening } from './endpoint-queries.ts'
import { queueSending } from './queue-sending.ts'
import { filtersFor } from './rules.ts'

/** An event for each endpoint that listens to its type, once. */
export async function handOver(tx: Tx, { at }: Pick<Cause, 'at'>, told: Told): Promise<void> {
  const endpointIds = await findListening(tx, filtersFor(told.type))
  if (endpointIds.length === 0) return
  const made = await insertDeliveries(tx, told, { endpointIds, at })
  await queueSending(
    tx,
    made.map(({ endpoint_id }) => endpoint_id),
  )
}
