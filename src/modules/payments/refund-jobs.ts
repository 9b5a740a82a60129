import type { Deps } from '../../platform/deps.ts'
import { publish } from '../../platform/events/events.ts'
import { Refusal } from '../../platform/http/refusal.ts'
import { amountNotPayable, refundRefused } from './errors.ts'
import { refundFailed } from './events.ts'
import { identify } from './fail-payment.ts'
import { finishRefund } from './finish-refund.ts'
import { gatewayNamed, isGatewayName } from './gateways.ts'
import { findPayment, lockPayment, type PaymentRow } from './queries.ts'
import { findRefund, type RefundRow, updateRefund } from './refund-queries.ts'
import { settleReport } from './settle-report.ts'

/** The gateway is told first, under the refund's id, so that it may be told again; then the books are. */
export async function carryOutRefund(deps: Deps, { refundId }: { refundId: string }): Promise<void> {
  const { db, transact, clock } = deps
  const refund = await findRefund(db, refundId)
  const payment = refund && (await findPayment(db, refund.payment_id))
  if (!refund || !payment || refund.status !== 'requested') return
  const { capture_reference: captureReference, amount, currency } = refund
  const money = { amount, currency }
  try {
    const asked = { refundId, paymentId: payment.id, captureReference, amount: money }
    await gatewayNamed(deps, refund.gateway).refund(asked)
  } catch (error) {
    await askAbout(deps, refund, payment)
    // Done or replaced by now: by a report of what went back at the gateway.
    if ((await findRefund(db, refundId))?.status !== 'requested') return
    if (!isFinal(error)) throw error
    return giveUp(deps, refund, payment)
  }
  await transact(async (tx) => {
    const cause = { userId: null, at: clock.now() }
    await finishRefund(tx, cause, { payment: await lockPayment(tx, payment), refund })
  })
}

function isFinal(error: unknown): boolean {
  return error instanceof Refusal && (error.kind === refundRefused || error.kind === amountNotPayable)
}

/** A gateway may refuse because money went back without us: what it says of that is taken in. */
async function askAbout(
  deps: Deps,
  refund: RefundRow,
  { id: paymentId, reference }: PaymentRow,
): Promise<void> {
  const { gateway } = refund
  if (reference === null || !isGatewayName(gateway)) return
  const answer = await gatewayNamed(deps, gateway).ask({ paymentId, reference })
  const captures = answer.status === 'captured' ? answer.captures : []
  const told = captures.find(({ captureReference }) => captureReference === refund.capture_reference)
  if (!told) return
  await deps.transact(async (tx) => {
    const found = await findPayment(tx, paymentId)
    if (!found) return
    const report = { payment: await lockPayment(tx, found), ...told }
    await settleReport(tx, { userId: null, at: deps.clock.now() }, report)
  })
}

/** The money stays where it is, and is free for another refund. */
async function giveUp({ transact, clock, log }: Deps, refund: RefundRow, payment: PaymentRow): Promise<void> {
  const cause = { userId: null, at: clock.now() }
  const { id: refundId, gateway, amount, currency } = refund
  await transact(async (tx) => {
    const locked = await lockPayment(tx, payment)
    if (!(await updateRefund(tx, refundId, 'failed', cause))) return
    const fact = { ...identify(locked), refundId, amount: { amount, currency } }
    await publish(tx, refundFailed, fact, cause)
  })
  log.error({ refundId, paymentId: payment.id, gateway }, 'a gateway refuses to give money back')
}
