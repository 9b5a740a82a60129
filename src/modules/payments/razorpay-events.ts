import { createHash } from 'node:crypto'
import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { isId } from '../../platform/ids.ts'
import type { GatewayEvent } from './gateway.ts'

/** What is read of a payment of Razorpay's, in webhooks and answers alike. */
export const RazorpayPayment = Type.Object({
  id: Type.String(),
  amount: Type.Integer({ minimum: 1 }),
  currency: Type.String({ pattern: '^[A-Z]{3}$' }),
  status: Type.String(),
  captured: Type.Boolean(),
  order_id: Type.Union([Type.String(), Type.Null()]),
  amount_refunded: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
  error_reason: Type.Optional(Type.Union([Type.String(), Type.Null()])),
})
export type RazorpayPayment = Static<typeof RazorpayPayment>

const Told = Type.Object({
  event: Type.String(),
  payload: Type.Object({
    payment: Type.Optional(Type.Object({ entity: RazorpayPayment })),
    order: Type.Optional(
      Type.Object({ entity: Type.Object({ receipt: Type.Union([Type.String(), Type.Null()]) }) }),
    ),
  }),
})
type Told = Static<typeof Told>
const told = Compile(Told)

/**
 * Translates a verified webhook; of what it does not know, it says that it is of no interest.
 *
 * Our id is read from the receipt of the order, which our server wrote. The notes of a payment are no source for it: the buyer's
 * browser may set them.
 * @throws SyntaxError where the body is no JSON
 */
export function translateRazorpayEvent(rawBody: Buffer, eventId: unknown): GatewayEvent {
  const body: unknown = JSON.parse(rawBody.toString())
  const other = { id: idOf(rawBody, eventId), paymentId: null, reference: null, kind: 'other' as const }
  if (!told.Check(body)) return other
  const payment = body.payload.payment?.entity
  // without an order it was not begun here: a payment page or link of the same account
  if (!payment?.order_id) return other
  const fact = { id: other.id, paymentId: receiptOf(body), reference: payment.order_id }
  switch (body.event) {
    case 'payment.captured':
    case 'order.paid':
      return { ...fact, kind: 'captured', captureReference: payment.id, amount: moneyOf(payment) }
    case 'payment.failed':
      return { ...fact, kind: 'failed', reason: reasonOf(payment) }
    case 'refund.processed':
      // Razorpay gives back by itself what it authorized and never captured: that money was never ours.
      if (!payment.captured) return { ...fact, kind: 'other' }
      return { ...fact, kind: 'refunded', captureReference: payment.id, refundedInAll: refundedOf(payment) }
    default:
      return { ...fact, kind: 'other' }
  }
}

export function moneyOf({ amount, currency }: RazorpayPayment) {
  return { amount, currency }
}

export function refundedOf({ amount_refunded, currency }: RazorpayPayment) {
  return { amount: amount_refunded ?? 0, currency }
}

/** Why it failed, in one of Razorpay's stable words such as `incorrect_pin`. */
function reasonOf({ error_reason }: RazorpayPayment): string {
  return error_reason && /^[a-z0-9_]{1,60}$/.test(error_reason) ? error_reason : 'declined'
}

/** The header repeats with every delivery; without a usable one, the body is its own name. */
function idOf(rawBody: Buffer, header: unknown): string {
  if (typeof header === 'string' && /^[\w-]{1,64}$/.test(header)) return header
  return `sha256-${createHash('sha256').update(rawBody).digest('hex')}`
}

function receiptOf(body: Told): string | null {
  const receipt = body.payload.order?.entity.receipt
  return receipt && isId(receipt) ? receipt : null
}
