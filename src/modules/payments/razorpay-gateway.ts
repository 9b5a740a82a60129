import { Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { badField, Refusal, refuse } from '../../platform/http/refusal.ts'
import type { Log } from '../../platform/log.ts'
import { type Money, minorDigits } from '../../platform/money.ts'
import { amountNotPayable, gatewayFailed, gatewayRefused, invalidSignature, refundRefused } from './errors.ts'
import type { CheckoutRequest, Gateway, GatewayAnswer, GatewayEvent } from './gateway.ts'
import { createRazorpayClient, type RazorpayFailure } from './razorpay-client.ts'
import { moneyOf, RazorpayPayment, refundedOf, translateRazorpayEvent } from './razorpay-events.ts'
import { isSignedBy } from './razorpay-signatures.ts'

export interface RazorpaySettings {
  readonly keyId: string
  readonly keySecret: string
  readonly webhookSecret: string
  /** Another address than https://api.razorpay.com: tests, a proxy. */
  readonly apiBase: string | null
  readonly log?: Log
  readonly timeoutMs?: number
}

const Order = Type.Object({
  id: Type.String(),
  amount: Type.Integer(),
  currency: Type.String(),
  receipt: Type.Union([Type.String(), Type.Null()]),
})
const Refund = Type.Object({
  id: Type.String(),
  status: Type.String(),
  receipt: Type.Optional(Type.Union([Type.String(), Type.Null()])),
})
// The SDK hands over what came, a text cut short included: each answer is checked before it is believed.
const order = Compile(Order)
const orders = Compile(Type.Object({ items: Type.Array(Order) }))
const payments = Compile(Type.Object({ items: Type.Array(RazorpayPayment) }))
const refund = Compile(Refund)
const refunds = Compile(Type.Object({ items: Type.Array(Refund) }))

/** Razorpay's Orders and its checkout in the page, by the official SDK. */
export function createRazorpayGateway(settings: RazorpaySettings): Gateway {
  const { keyId, keySecret, webhookSecret, log } = settings
  const razorpay = createRazorpayClient({ ...settings, timeoutMs: settings.timeoutMs ?? 10_000 })

  /** Calls Razorpay; whatever goes wrong is a refusal, and is logged without what was sent. */
  async function call<Value>(what: string, work: () => Promise<Value>): Promise<Value> {
    try {
      return await work()
    } catch (error) {
      if (error instanceof Refusal) throw error
      const { statusCode, error: { code, reason, field, description } = {} } = error as RazorpayFailure
      log?.warn({ gateway: 'razorpay', what, statusCode, code, reason, field }, 'gateway failed')
      if (what === 'refund')
        throw refuse(statusCode === 400 && final.test(description ?? '') ? refundRefused : gatewayFailed)
      if (field === 'amount' || field === 'currency' || reason?.startsWith('amount_'))
        throw refuse(amountNotPayable, 'Razorpay does not take this amount or currency here.')
      if (
        what === 'open' &&
        statusCode === 400 &&
        (typeof field === 'string' || reason === 'input_validation_failed')
      )
        throw refuse(gatewayRefused)
      throw refuse(gatewayFailed)
    }
  }

  /** Orders have no idempotency key: the receipt, which is the payment's id, tells whether one was made before. */
  async function findOrder({ paymentId, amount }: CheckoutRequest): Promise<string | undefined> {
    const found = orders.Parse(await razorpay.orders.all({ receipt: paymentId, count: 100 }))
    const same = found.items.find(({ receipt }) => receipt === paymentId)
    if (same && (same.amount !== amount.amount || same.currency !== amount.currency))
      throw new Error('an order of this receipt asks for something else')
    return same?.id
  }

  async function createOrder(request: CheckoutRequest): Promise<string> {
    const { paymentId, amount } = request
    try {
      const made = await razorpay.orders.create({
        amount: amount.amount,
        currency: amount.currency,
        receipt: paymentId,
        notes: { paymentId },
      })
      return order.Parse(made).id
    } catch (error) {
      // an account may be set to refuse a receipt that it has: then a request beside this one was quicker
      const found = (error as RazorpayFailure).statusCode === 400 ? await findOrder(request) : undefined
      if (found === undefined) throw error
      return found
    }
  }

  return {
    name: 'razorpay',
    publicKey: keyId,
    objectionTo,

    open: (request) =>
      call('open', async () => {
        requirePayable(request.amount)
        const orderId = (await findOrder(request)) ?? (await createOrder(request))
        return { reference: orderId, checkout: { type: 'razorpay', orderId, keyId, ...request.amount } }
      }),

    readWebhook(rawBody, headers): GatewayEvent {
      if (!isSignedBy(webhookSecret, rawBody, headers['x-razorpay-signature'])) throw refuse(invalidSignature)
      try {
        return translateRazorpayEvent(rawBody, headers['x-razorpay-event-id'])
      } catch {
        throw badField('', 'is signed, but no JSON')
      }
    },

    ask: ({ reference }) =>
      call('ask', async () => answerOf(payments.Parse(await razorpay.orders.fetchPayments(reference)).items)),

    refund: ({ refundId, paymentId, captureReference, amount }) =>
      call('refund', async () => {
        requirePayable(amount)
        // The header guards against two at once; a job may be tried again when it is long forgotten.
        const found = refunds.Parse(
          await razorpay.payments.fetchMultipleRefund(captureReference, { count: 100 }),
        )
        const made =
          found.items.find(({ receipt }) => receipt === refundId) ??
          refund.Parse(
            await razorpay.payments.refund(captureReference, {
              amount: amount.amount,
              receipt: refundId,
              notes: { refundId, paymentId },
            }),
          )
        if (made.status === 'failed') throw refuse(refundRefused)
      }),

    verifyCheckout: ({ orderId, paymentId, signature }) =>
      isSignedBy(keySecret, `${orderId}|${paymentId}`, signature),
  }
}

/**
 * An order takes several attempts and is to be captured once; what was captured in spite of that is told, too. It stays open after
 * attempts that failed, and a bank may still say yes days later (https://razorpay.com/docs/payments/payments/late-authorisation):
 * asked, it is never over but by a capture.
 */
function answerOf(attempts: readonly RazorpayPayment[]): GatewayAnswer {
  const captured = attempts.filter((attempt) => attempt.captured && attempt.status !== 'failed')
  if (captured.length === 0) return { status: 'pending' }
  const captures = captured.map((attempt) => ({
    captureReference: attempt.id,
    amount: moneyOf(attempt),
    refundedInAll: refundedOf(attempt),
  }))
  return { status: 'captured', captures }
}

const leastPaise = 100

/**
 * Refusals of a refund that no repetition changes: https://razorpay.com/docs/payments/refunds/errors. They are told by their words
 * alone, as all of them, those that pass by too, have the code BAD_REQUEST_ERROR; what is not known here is tried again.
 */
const final =
  /fully refunded|refund amount .*greater than (?!.*balance)|not (been )?captured|should be captured|6 months old|not supported by the bank/i

/**
 * Razorpay counts in the minor units of ISO 4217, and wants three digits to end in 0:
 * https://razorpay.com/docs/payments/international-payments. Its least amount is one rupee; in other currencies it depends on the day.
 */
function objectionTo({ amount, currency }: Money): string | null {
  if (minorDigits(currency) === 3 && amount % 10 !== 0)
    return `Razorpay takes amounts in ${currency} whose last digit is 0.`
  if (currency === 'INR' && amount < leastPaise) return 'Razorpay takes no less than one rupee.'
  return null
}

function requirePayable(amount: Money): void {
  const objection = objectionTo(amount)
  if (objection !== null) throw refuse(amountNotPayable, objection)
}
