import { Type } from 'typebox'
import { defineEvent } from '../../platform/events/events.ts'
import { Id } from '../../platform/ids.ts'
import { MoneySchema } from '../../platform/money.ts'

const payment = { paymentId: Id, enrollmentId: Id, courseId: Id, userId: Id }

/** The money came in full, and access was given. */
export const paymentCaptured = defineEvent(
  'payment.captured',
  Type.Object({ ...payment, amount: MoneySchema }),
)
export const paymentFailed = defineEvent('payment.failed', Type.Object({ ...payment, reason: Type.String() }))
/** Money of a payment went back; `full`: all of it, and the access with it. */
export const paymentRefunded = defineEvent(
  'payment.refunded',
  Type.Object({ ...payment, refundId: Id, amount: MoneySchema, full: Type.Boolean() }),
)
/** The gateway will not give this money back: somebody has to, in another way. */
export const refundFailed = defineEvent(
  'payment.refund_failed',
  Type.Object({ ...payment, refundId: Id, amount: MoneySchema }),
)
/** Money came that pays for nothing (a wrong amount, a second time), and is on its way back. */
export const paymentReturned = defineEvent(
  'payment.returned',
  Type.Object({ ...payment, refundId: Id, amount: MoneySchema, reason: Type.String() }),
)
