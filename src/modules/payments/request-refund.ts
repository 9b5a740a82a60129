import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { badField, notFound, refuse } from '../../platform/http/refusal.ts'
import type { Money } from '../../platform/money.ts'
import { paymentNotCaptured, refundTooLarge } from './errors.ts'
import type { Gateway } from './gateway.ts'
import { findPayment, lockPayment } from './queries.ts'
import { findRefundsOf, insertRefund, type RefundRow } from './refund-queries.ts'
import { restOf } from './rules.ts'
import { queueRefund } from './send-refund.ts'

type Refunder = Pick<Gateway, 'name' | 'objectionTo'>

/** An admin gives money back: all that is left, or a part. The gateway is told by a job. */
export async function requestRefund(
  tx: Tx,
  actor: Actor,
  input: { paymentId: string; amount?: Money; reason?: string; gateways: readonly Refunder[] },
): Promise<RefundRow> {
  const found = await findPayment(tx, input.paymentId)
  if (!found) throw refuse(notFound)
  const { id: paymentId, status, capture_reference: reference, ...payment } = await lockPayment(tx, found)
  const { gateway, currency } = payment
  if (input.amount && input.amount.currency !== currency)
    throw badField('/amount/currency', `must be ${currency}, as the payment is`)
  if (input.amount?.amount === 0) throw badField('/amount/amount', 'must be more than 0')
  if (status !== 'captured' || reference === null) throw refuse(paymentNotCaptured)
  const rest = restOf(payment.amount, await findRefundsOf(tx, { gateway, reference }))
  const amount = input.amount?.amount ?? rest
  if (amount > rest || amount === 0)
    throw refuse(refundTooLarge, `At most ${rest} ${currency} (minor units) can be refunded.`)
  requireExpressible(
    input.gateways.find(({ name }) => name === gateway),
    [amount, rest - amount].map((part) => ({ amount: part, currency })),
  )
  const reason = input.reason ?? null
  const refund = await insertRefund(tx, { paymentId, gateway, reference, amount, currency, reason }, actor)
  await queueRefund(tx, refund.id)
  return refund
}

/** Neither what goes back now nor what is left for another time may be money that the gateway cannot give back. */
function requireExpressible(gateway: Refunder | undefined, parts: readonly Money[]): void {
  for (const part of parts.filter(({ amount }) => amount > 0)) {
    const objection = gateway?.objectionTo(part) ?? null
    if (objection !== null)
      throw badField('/amount', `would give back, or leave, ${part.amount} ${part.currency}: ${objection}`)
  }
}
