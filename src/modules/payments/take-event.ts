import { Type } from 'typebox'
import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { Id } from '../../platform/ids.ts'
import { addJob, defineJob } from '../../platform/jobs/jobs.ts'
import type { GatewayEvent, GatewayName } from './gateway.ts'
import { insertEvent } from './inbox-queries.ts'
import { requireStorable } from './require-storable.ts'

/** Acts on what a gateway told. */
export const settle = defineJob('payments.settle', Type.Object({ inboxId: Id }))

/**
 * Stores what a gateway told, and queues the work: once, however often it is told.
 * @returns the id in the inbox; undefined for a repetition
 * @throws Refusal 400 where it cannot be stored
 */
export async function takeEvent(
  tx: Tx,
  cause: Cause,
  said: { gateway: GatewayName; event: GatewayEvent },
): Promise<string | undefined> {
  requireStorable(said.event)
  const inboxId = await insertEvent(tx, said, cause)
  if (inboxId) await addJob(tx, settle, { inboxId })
  return inboxId
}
