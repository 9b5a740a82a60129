import { Type } from 'typebox'
import type { Tx } from '../../platform/database/database.ts'
import { Id } from '../../platform/ids.ts'
import { addJob, defineJob } from '../../platform/jobs/jobs.ts'
import { findNextAttempt } from './delivery-queries.ts'
import type { EndpointRow } from './endpoint-queries.ts'

/**
 * Sends what is due at an endpoint. There is a job for an endpoint, not for a delivery: however much waits, the queue stays short. The
 * jobs of an endpoint take turns, over all nodes.
 */
export const sendDue = defineJob('webhooks.send', Type.Object({ endpointId: Id }), 20, { outgoing: true })

const queueOf = (endpointId: string) => `webhooks:${endpointId}`

/** There is something due at these endpoints, from the commit on. */
export async function queueSending(tx: Tx, endpointIds: readonly string[]): Promise<void> {
  for (const endpointId of endpointIds) {
    const queue = queueOf(endpointId)
    await addJob(tx, sendDue, { endpointId }, { key: `${queue}:now`, queue })
  }
}

/**
 * Goes on when the next attempt is due. Under a key of its own, so that what came in the meantime does not wait for it; and by the
 * queue's clock, so that one that differs from ours makes nobody go round in circles.
 */
export async function queueNext(
  tx: Tx,
  { id, resting_until }: EndpointRow,
  { at }: { at: Date },
): Promise<void> {
  const next = await findNextAttempt(tx, id)
  if (next === null) return
  const due = Math.max(next.getTime(), resting_until?.getTime() ?? 0)
  const afterSeconds = Math.max(0, (due - at.getTime()) / 1_000)
  const queue = queueOf(id)
  await addJob(tx, sendDue, { endpointId: id }, { key: `${queue}:later`, queue, afterSeconds })
}
