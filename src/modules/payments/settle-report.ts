import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import type { Money } from '../../platform/money.ts'
import { type CaptureRow, findCapture } from './capture-queries.ts'
import { finishRefund } from './finish-refund.ts'
import type { PaymentRow } from './queries.ts'
import { findRefundsOf, insertRefund, type RefundRow, updateRefund } from './refund-queries.ts'
import { readReport, restOf } from './rules.ts'
import { queueRefund } from './send-refund.ts'

/** How much of a capture a gateway has refunded in all. */
export interface RefundReport {
  /** Locked: the capture that is not there yet cannot come at this moment. */
  readonly payment: PaymentRow
  readonly captureReference: string
  readonly refundedInAll: Money
}

/** `waits`: the capture is not known yet. `contradiction`: it tells of more money, or of other money, than there was. */
export type ReportOutcome = 'noted' | 'known' | 'waits' | 'contradiction'

/** Takes in what was refunded at the gateway itself, and does not count again what was refunded from here. */
export async function settleReport(tx: Tx, cause: Cause, report: RefundReport): Promise<ReportOutcome> {
  const { payment, captureReference: reference, refundedInAll } = report
  const { gateway } = payment
  const capture = await findCapture(tx, { gateway, reference })
  if (!capture) return 'waits'
  const { currency, amount, payment_id } = capture
  if (payment_id !== payment.id || currency !== refundedInAll.currency || amount < refundedInAll.amount)
    return 'contradiction'
  const refunds = await findRefundsOf(tx, { gateway, reference })
  const { done, elsewhere, impossible } = readReport(capture.amount, refunds, refundedInAll.amount)
  for (const refund of refunds) {
    if (done.includes(refund.id)) await finishRefund(tx, cause, { payment, refund })
  }
  if (elsewhere > 0) {
    const refund = await insertRefund(tx, asRefund(capture, elsewhere, 'refunded_at_gateway'), cause)
    await finishRefund(tx, cause, { payment, refund })
  }
  for (const refund of refunds) {
    if (impossible.includes(refund.id)) await replace(tx, cause, { capture, refund })
  }
  return done.length > 0 || elsewhere > 0 ? 'noted' : 'known'
}

/** A request for more than is left is given up for one of what is left: who wanted that much back wants the rest, too. */
async function replace(
  tx: Tx,
  cause: Cause,
  { capture, refund }: { capture: CaptureRow; refund: RefundRow },
): Promise<void> {
  await updateRefund(tx, refund.id, 'failed', cause)
  const { gateway, capture_reference: reference } = capture
  const rest = restOf(capture.amount, await findRefundsOf(tx, { gateway, reference }))
  if (rest <= 0) return
  const { id: refundId } = await insertRefund(tx, asRefund(capture, rest, refund.reason), cause)
  await queueRefund(tx, refundId)
}

function asRefund(capture: CaptureRow, amount: number, reason: string | null) {
  const { gateway, capture_reference: reference, payment_id: paymentId, currency } = capture
  return { paymentId, gateway, reference, amount, currency, reason }
}
