import { Type } from 'typebox'
import { type AuditRule, defineEvent, defineUnheardEvent } from '../../platform/events/events.ts'
import { Id } from '../../platform/ids.ts'
import { MoneySchema } from '../../platform/money.ts'

const payment = { paymentId: Id, enrollmentId: Id, courseId: Id, userId: Id }
/** Every movement of money is for the audit log. */
const audit: AuditRule<'paymentId' | 'userId'> = {
  when: 'always',
  subject: 'payment',
  ids: ['paymentId', 'userId'],
}

/** The money came in full, and access was given. */
export const paymentCaptured = defineEvent(
  'payment.captured',
  Type.Object({ ...payment, amount: MoneySchema }),
  audit,
)
export const paymentFailed = defineEvent('payment.failed', Type.Object({ ...payment, reason: Type.String() }))
/** Money of a payment went back; `full`: all of it, and the access with it. */
export const paymentRefunded = defineEvent(
  'payment.refunded',
  Type.Object({ ...payment, refundId: Id, amount: MoneySchema, full: Type.Boolean() }),
  audit,
)
/** The gateway will not give this money back: somebody has to, in another way. */
export const refundFailed = defineEvent(
  'payment.refund_failed',
  Type.Object({ ...payment, refundId: Id, amount: MoneySchema }),
  audit,
)
/** Money came that pays for nothing (a wrong amount, a second time), and is on its way back. */
export const paymentReturned = defineEvent(
  'payment.returned',
  Type.Object({ ...payment, refundId: Id, amount: MoneySchema, reason: Type.String() }),
  audit,
)
/** An admin wants money of a payment to go back; the gateway is being told. */
export const refundRequested = defineUnheardEvent(
  'payment.refund_requested',
  Type.Object({ ...payment, refundId: Id, amount: MoneySchema }),
  audit,
)
