import type { PaymentRow } from './queries.ts'
import type { JudgedRefundRow } from './refund-queries.ts'
import type { Payment, PaymentWithRefunds, Refund } from './schemas.ts'

export function presentPayment(payment: PaymentRow): Payment {
  const { amount, currency, list_amount, failure_reason, captured_at } = payment
  const discount = list_amount - amount
  return {
    id: payment.id,
    courseId: payment.course_id,
    enrollmentId: payment.enrollment_id,
    userId: payment.user_id,
    gateway: payment.gateway as Payment['gateway'],
    status: payment.status,
    amount: { amount, currency },
    ...(discount > 0 ? { discount: { amount: discount, currency } } : {}),
    refunded: { amount: payment.refunded_amount, currency },
    ...(failure_reason ? { failureReason: failure_reason } : {}),
    createdAt: payment.created_at,
    ...(captured_at ? { capturedAt: captured_at } : {}),
  }
}

export function presentWithRefunds(
  payment: PaymentRow,
  refunds: readonly JudgedRefundRow[],
): PaymentWithRefunds {
  return {
    ...presentPayment(payment),
    refunds: refunds.map((refund) => {
      const { paymentId: _same, ...rest } = presentRefund(refund)
      return rest
    }),
  }
}

export function presentRefund(refund: JudgedRefundRow): Refund {
  const { id, payment_id, amount, currency, reason, status, requested_at, done_at } = refund
  return {
    id,
    paymentId: payment_id,
    amount: { amount, currency },
    captureReference: refund.capture_reference,
    verdict: refund.verdict as Refund['verdict'],
    ...(reason === null ? {} : { reason }),
    status,
    createdAt: requested_at,
    ...(done_at ? { doneAt: done_at } : {}),
  }
}
