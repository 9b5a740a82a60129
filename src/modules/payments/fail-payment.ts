import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { addJob } from '../../platform/jobs/jobs.ts'
import { releaseCoupon } from './apply-coupon.ts'
import { closeCheckout } from './close-checkout.ts'
import { lockCoupons } from './coupon-queries.ts'
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
  if (payment.coupon_id !== null) await releaseCoupon(tx, payment.id)
  await publish(tx, paymentFailed, { ...identify(payment), reason }, cause)
  return true
}

/**
 * Fails what still waits for money of a purchase that the caller has locked; of one of its enrollments, if that is said. The gateways
 * are told to end the checkouts.
 */
export async function failPending(
  tx: Tx,
  cause: Cause,
  input: { purchase: Purchase; enrollmentId?: string; reason: string },
): Promise<void> {
  const { purchase, enrollmentId, reason } = input
  const pending = await lockPending(tx, purchase)
  if (pending.some((payment) => payment.coupon_id !== null)) await lockCoupons(tx, { purchase })
  for (const payment of pending) {
    if (enrollmentId !== undefined && payment.enrollment_id !== enrollmentId) continue
    await failPayment(tx, cause, { payment, reason })
    if (payment.reference !== null) await addJob(tx, closeCheckout, { paymentId: payment.id })
  }
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
