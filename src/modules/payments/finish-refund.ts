import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { revokeEntitlement } from '../enrollments/index.ts'
import { findCapture } from './capture-queries.ts'
import { paymentRefunded } from './events.ts'
import { identify } from './fail-payment.ts'
import { writeMovement } from './ledger.ts'
import { type PaymentRow, updateRefunded, updateStatus } from './queries.ts'
import { type RefundRow, updateRefund } from './refund-queries.ts'

/**
 * The money of a refund is back with its owner: once, however often it is told. Access ends with the last of the money that it rests on.
 * @param input.payment locked
 */
export async function finishRefund(
  tx: Tx,
  cause: Cause,
  { payment, refund }: { payment: PaymentRow; refund: RefundRow },
): Promise<boolean> {
  if (!(await updateRefund(tx, refund.id, 'done', cause))) return false
  const { gateway, capture_reference: reference, amount, currency } = refund
  const capture = await findCapture(tx, { gateway, reference })
  const against = capture?.verdict === 'pays' ? 'refunds' : 'returns'
  const movement = { cause: `refund:${refund.id}`, paymentId: payment.id, money: { amount, currency } }
  await writeMovement(tx, { ...movement, against, out: true }, cause)
  if (payment.capture_reference !== reference) return true

  const now = await updateRefunded(tx, payment.id, amount)
  const full = now.refunded_amount === now.amount
  if (full) {
    const move = {
      id: now.id,
      from: now.status,
      to: 'refunded',
      reason: refund.reason ?? 'refunded',
    } as const
    await updateStatus(tx, move, cause)
    const { id: reference, enrollment_id: enrollmentId } = now
    await revokeEntitlement(tx, cause, { enrollmentId, source: 'purchase', reference, reason: 'refunded' })
  }
  const fact = { ...identify(now), refundId: refund.id, amount: movement.money, full }
  await publish(tx, paymentRefunded, fact, cause)
  return true
}
