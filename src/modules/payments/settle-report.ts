import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import type { Money } from '../../platform/money.ts'
import { findCapture } from './capture-queries.ts'
import { finishRefund } from './finish-refund.ts'
import type { GatewayName } from './gateway.ts'
import { findPayment, lockPayment, type PaymentRow } from './queries.ts'
import { findRefundsOf, insertRefund } from './refund-queries.ts'
import { readReport } from './rules.ts'

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
  const { done, elsewhere } = readReport(capture.amount, refunds, refundedInAll.amount)
  for (const refund of refunds) {
    if (done.includes(refund.id)) await finish(tx, cause, payment, refund)
  }
  if (elsewhere > 0) {
    const { currency } = capture
    const made = { paymentId: payment.id, gateway, reference, amount: elsewhere, currency }
    await finish(
      tx,
      cause,
      payment,
      await insertRefund(tx, { ...made, reason: 'refunded_at_gateway' }, cause),
    )
  }
  return done.length > 0 || elsewhere > 0 ? 'noted' : 'known'
}

const finish = (
  tx: Tx,
  cause: Cause,
  payment: PaymentRow,
  refund: Parameters<typeof finishRefund>[2]['refund'],
) => finishRefund(tx, cause, { payment, refund })
