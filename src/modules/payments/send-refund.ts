import { Type } from 'typebox'
import { Id } from '../../platform/ids.ts'
import { defineJob } from '../../platform/jobs/jobs.ts'

/** Has the gateway give money back, then notes that it did. */
export const sendRefund = defineJob('payments.refund', Type.Object({ refundId: Id }))
