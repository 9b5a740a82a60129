import { Type } from 'typebox'
import { Id } from '../../platform/ids.ts'
import { defineJob } from '../../platform/jobs/jobs.ts'

/** Has the gateway end a checkout that is not to be paid any more. */
export const closeCheckout = defineJob('payments.close', Type.Object({ paymentId: Id }), 5)
