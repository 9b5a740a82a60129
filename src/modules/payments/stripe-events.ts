import type { Stripe } from 'stripe'
import { isId } from '../../platform/ids.ts'
import type { GatewayEvent } from './gateway.ts'
import { fromStripeAmount } from './stripe-amounts.ts'

/**
 * Translates a verified event of Stripe's; of what it does not know, it says that it is of no interest.
 * @throws Error where an event of interest has not the form that Stripe's types promise
 */
export function translateStripeEvent(event: Stripe.Event): GatewayEvent {
  if (typeof event.id !== 'string') throw new TypeError('an event without an id')
  switch (event.type) {
    case 'checkout.session.completed':
    case 'checkout.session.async_payment_succeeded':
      return paid(event.id, event.data.object)
    case 'checkout.session.async_payment_failed':
      return { ...sessionFact(event.id, event.data.object), kind: 'failed', reason: 'declined' }
    case 'checkout.session.expired':
      return { ...sessionFact(event.id, event.data.object), kind: 'failed', reason: 'expired' }
    case 'charge.refunded':
      return refunded(event.id, event.data.object)
    default:
      return { id: event.id, paymentId: null, reference: null, kind: 'other' }
  }
}

function paid(id: string, session: Stripe.Checkout.Session): GatewayEvent {
  const fact = sessionFact(id, session)
  const captureReference = idOf(session.payment_intent)
  const { payment_status, amount_total, currency } = session
  // "unpaid" at completion: a bank debit or voucher that settles later and is told as async_payment_…
  if (payment_status !== 'paid' || !captureReference || !amount_total || !currency)
    return { ...fact, kind: 'other' }
  return { ...fact, kind: 'captured', captureReference, amount: fromStripeAmount(amount_total, currency) }
}

function refunded(id: string, charge: Stripe.Charge): GatewayEvent {
  // a charge carries the metadata of its payment intent
  const fact = { id, paymentId: paymentIdOf(charge.metadata), reference: null }
  const captureReference = idOf(charge.payment_intent)
  // Without our id it is the money of another program on the same account.
  if (!captureReference || fact.paymentId === null) return { ...fact, kind: 'other' }
  const refundedInAll = fromStripeAmount(charge.amount_refunded, charge.currency)
  return { ...fact, kind: 'refunded', captureReference, refundedInAll }
}

function sessionFact(id: string, session: Stripe.Checkout.Session) {
  return { id, paymentId: paymentIdOf(session.metadata), reference: session.id }
}

/** Other programs may use the same Stripe account: what is no id of ours is not ours. */
function paymentIdOf(metadata: Stripe.Metadata | null): string | null {
  const said = metadata?.paymentId
  return said !== undefined && isId(said) ? said : null
}

/** Stripe gives a related object whole where it was asked to, else its id. */
function idOf(related: string | { id: string } | null): string | null {
  return typeof related === 'string' ? related : (related?.id ?? null)
}
