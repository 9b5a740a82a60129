import { Type } from 'typebox'
import type { Tx } from '../../platform/database/database.ts'
import { Id } from '../../platform/ids.ts'
import { addJob, defineJob } from '../../platform/jobs/jobs.ts'

/** Has the gateway give money back, then notes that it did. */
export const sendRefund = defineJob('payments.refund', Type.Object({ refundId: Id }))

/** Queues it, in the place of a job of the same refund that still waits for its next try. */
export function queueRefund(tx: Tx, refundId: string): Promise<void> {
  return addJob(tx, sendRefund, { refundId }, { key: `payments.refund:${refundId}` })
}
