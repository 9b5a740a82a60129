import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { addJob } from '../../platform/jobs/jobs.ts'
import type { Money } from '../../platform/money.ts'
import { type CaptureRow, findCapture } from './capture-queries.ts'
import { finishRefund } from './finish-refund.ts'
import type { GatewayName } from './gateway.ts'
import { findPayment, lockPayment } from './queries.ts'
import { findRefundsOf, insertRefund, type RefundRow, updateRefund } from './refund-queries.ts'
import { readReport, restOf } from './rules.ts'
import { sendRefund } from './send-refund.ts'

/** How much of a capture a gateway has refunded in all. */
export interface RefundReport {
  readonly gateway: GatewayName
  readonly captureReference: string
  readonly refundedInAll: Money
}

/** `waits`: the capture is not known yet. `contradiction`: it tells of more money, or of other money, than there was. */
export type ReportOutcome = 'noted' | 'known' | 'waits' | 'contradiction'

/** Takes in what was refunded at the gateway itself, and does not count again what was refunded from here. */
export async function settleReport(tx: Tx, cause: Cause, report: RefundReport): Promise<ReportOutcome> {
  const { gateway, captureReference: reference, refundedInAll } = report
  const capture = await findCapture(tx, { gateway, reference })
  const found = capture && (await findPayment(tx, capture.payment_id))
  if (!capture || !found) return 'waits'
  if (capture.currency !== refundedInAll.currency || capture.amount < refundedInAll.amount)
    return 'contradiction'
  const payment = await lockPayment(tx, found)
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
  await addJob(tx, sendRefund, { refundId })
}

function asRefund(capture: CaptureRow, amount: number, reason: string | null) {
  const { gateway, capture_reference: reference, payment_id: paymentId, currency } = capture
  return { paymentId, gateway, reference, amount, currency, reason }
}
