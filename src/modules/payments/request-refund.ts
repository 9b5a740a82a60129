import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { badField, notFound, refuse } from '../../platform/http/refusal.ts'
import type { Money } from '../../platform/money.ts'
import { type CaptureRow, findCapturesOf } from './capture-queries.ts'
import { paymentNotCaptured, refundTooLarge } from './errors.ts'
import { refundRequested } from './events.ts'
import { identify } from './fail-payment.ts'
import type { Gateway } from './gateway.ts'
import { findPayment, lockPayment } from './queries.ts'
import { findRefundsOfPayment, insertRefund, type JudgedRefundRow } from './refund-queries.ts'
import { restOf } from './rules.ts'
import { queueRefund } from './send-refund.ts'

type Refunder = Pick<Gateway, 'name' | 'objectionTo'>

/**
 * An admin gives money back: all that is left of it, or a part. What pays for nothing goes first, such as a second capture whose return
 * the gateway refused; only then what the access rests on. The gateway is told by a job.
 */
export async function requestRefund(
  tx: Tx,
  actor: Actor,
  input: { paymentId: string; amount?: Money; reason?: string; gateways: readonly Refunder[] },
): Promise<JudgedRefundRow> {
  const found = await findPayment(tx, input.paymentId)
  if (!found) throw refuse(notFound)
  const { id: paymentId, status, ...payment } = await lockPayment(tx, found)
  const { capture, rest } = (await findRefundable(tx, paymentId)) ?? { capture: null, rest: 0 }
  const { currency } = capture ?? payment
  if (input.amount && input.amount.currency !== currency)
    throw badField('/amount/currency', `must be ${currency}, as the money is that goes back`)
  if (input.amount?.amount === 0) throw badField('/amount/amount', 'must be more than 0')
  if (!capture && (status !== 'captured' || payment.capture_reference === null))
    throw refuse(paymentNotCaptured)
  const amount = input.amount?.amount ?? rest
  if (!capture || amount > rest)
    throw refuse(refundTooLarge, `At most ${rest} ${currency} (minor units) can be refunded.`)
  const { gateway, capture_reference: reference, verdict } = capture
  requireExpressible(
    input.gateways.find(({ name }) => name === gateway),
    [amount, rest - amount].map((part) => ({ amount: part, currency })),
  )
  const reason = input.reason ?? null
  const refund = await insertRefund(tx, { paymentId, gateway, reference, amount, currency, reason }, actor)
  await queueRefund(tx, refund.id)
  const fact = { ...identify(found), refundId: refund.id, amount: { amount, currency } }
  await publish(tx, refundRequested, fact, actor)
  return { ...refund, verdict }
}

/** The money of a payment that is to go back next, and what is left of it. */
async function findRefundable(
  tx: Tx,
  paymentId: string,
): Promise<{ capture: CaptureRow; rest: number } | undefined> {
  const refunds = await findRefundsOfPayment(tx, paymentId)
  for (const capture of await findCapturesOf(tx, paymentId)) {
    const own = refunds.filter(({ capture_reference }) => capture_reference === capture.capture_reference)
    const rest = restOf(capture.amount, own)
    if (rest > 0) return { capture, rest }
  }
  return undefined
}

/** Neither what goes back now nor what is left for another time may be money that the gateway cannot give back. */
function requireExpressible(gateway: Refunder | undefined, parts: readonly Money[]): void {
  for (const part of parts.filter(({ amount }) => amount > 0)) {
    const objection = gateway?.objectionTo(part) ?? null
    if (objection !== null)
      throw badField('/amount', `would give back, or leave, ${part.amount} ${part.currency}: ${objection}`)
  }
}
