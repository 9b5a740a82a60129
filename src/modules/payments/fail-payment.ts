import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { paymentFailed } from './events.ts'
import { lockPending, type PaymentRow, type Purchase, updateStatus } from './queries.ts'
import { canBecome } from './rules.ts'

/** Fails a payment that the caller has locked; one that has gone further stays as it is. */
export async function failPayment(
  tx: Tx,
  cause: Cause,
  { payment, reason }: { payment: PaymentRow; reason: string },
): Promise<boolean> {
  if (!canBecome(payment.status, 'failed')) return false
  await updateStatus(tx, { id: payment.id, from: payment.status, to: 'failed', reason }, cause)
  await publish(tx, paymentFailed, { ...identify(payment), reason }, cause)
  return true
}

/** Fails what still waits for money of a purchase that the caller has locked. */
export async function failPending(
  tx: Tx,
  cause: Cause,
  { purchase, reason }: { purchase: Purchase; reason: string },
): Promise<void> {
  for (const payment of await lockPending(tx, purchase)) await failPayment(tx, cause, { payment, reason })
}

/** What every event of a payment tells. */
export function identify(payment: PaymentRow) {
  return {
    paymentId: payment.id,
    enrollmentId: payment.enrollment_id,
    courseId: payment.course_id,
    userId: payment.user_id,
  }
}
