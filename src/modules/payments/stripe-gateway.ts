import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import type { Stripe } from 'stripe'
import { badField, Refusal, refuse } from '../../platform/http/refusal.ts'
import type { Log } from '../../platform/log.ts'
import { amountNotPayable, gatewayFailed, gatewayRefused, invalidSignature, refundRefused } from './errors.ts'
import type { CheckoutRequest, Gateway, GatewayAnswer, ToldCapture } from './gateway.ts'
import { fromStripeAmount, stripeObjectionTo, toStripeAmount } from './stripe-amounts.ts'
import { translateStripeEvent } from './stripe-events.ts'

/** What the objects here look like; the SDK's types are of this version, so that raising one without the other does not compile. */
const apiVersion = '2026-10-28.endive'
const toleranceSeconds = 300
const longestTitle = 250
const twoDays = 172_800
/** Refusals of a refund that no repetition changes (https://docs.stripe.com/error-codes); what is not among them is tried again. */
const final: readonly unknown[] = [
  'amount_too_large',
  'amount_too_small',
  'charge_already_refunded',
  'charge_disputed',
  'charge_not_refundable',
  'refund_disputed_payment',
]

/** The SDK is loaded with the gateway, not with the program: who does not use it saves its time and memory. */
const load = createRequire(import.meta.url)

export interface StripeSettings {
  readonly secretKey: string
  readonly webhookSecret: string
  /** Another address than https://api.stripe.com: tests, a proxy. */
  readonly apiBase: string | null
  readonly log?: Log
  readonly timeoutMs?: number
}

/** Stripe's hosted Checkout, by the official SDK. */
export function createStripeGateway(settings: StripeSettings): Gateway {
  const sdk = load('stripe') as typeof Stripe
  const stripe = new sdk(settings.secretKey, {
    apiVersion,
    timeout: settings.timeoutMs ?? 10_000,
    // safe to repeat: whatever changes something carries an idempotency key
    maxNetworkRetries: 1,
    telemetry: false,
    ...address(settings.apiBase),
  })

  /** Calls Stripe; whatever goes wrong is a refusal, and is logged without what was sent. */
  async function call<Value>(what: string, work: () => Promise<Value>): Promise<Value> {
    try {
      return await work()
    } catch (error) {
      if (error instanceof Refusal) throw error
      const { type, code, param, statusCode, requestId } =
        error instanceof sdk.errors.StripeError ? error : {}
      settings.log?.warn(
        { gateway: 'stripe', what, type, code, param, statusCode, requestId },
        'gateway failed',
      )
      if (what === 'refund')
        throw refuse(
          type === 'StripeInvalidRequestError' && final.includes(code) ? refundRefused : gatewayFailed,
        )
      if (isAboutAmount(code, param))
        throw refuse(
          amountNotPayable,
          `Stripe does not take this amount or currency here (${code ?? param}).`,
        )
      if (what === 'open' && type === 'StripeInvalidRequestError') throw refuse(gatewayRefused)
      throw refuse(gatewayFailed)
    }
  }

  return {
    name: 'stripe',
    publicKey: null,
    objectionTo: stripeObjectionTo,

    open: (request) =>
      call('open', async () => {
        const session = await stripe.checkout.sessions.create(sessionOf(request), {
          idempotencyKey: keyOf(request),
        })
        if (!session.url) throw new Error('a session without an address')
        return { reference: session.id, checkout: { type: 'redirect', url: session.url } }
      }),

    readWebhook(rawBody, headers, at) {
      const event = verified(rawBody, headers['stripe-signature'] ?? '', at)
      try {
        return translateStripeEvent(event)
      } catch {
        settings.log?.error({ gateway: 'stripe', event: event?.id }, 'a signed event cannot be read')
        throw badField('', 'is signed, but no event of Stripe that can be read')
      }
    },

    ask: ({ paymentId, reference }) =>
      call('ask', async () => {
        const session = await stripe.checkout.sessions.retrieve(reference, {
          expand: ['payment_intent.latest_charge'],
        })
        return answerOf(session, await othersOf(session, paymentId))
      }),

    close: (reference) =>
      call('close', async () => {
        try {
          await stripe.checkout.sessions.expire(reference)
        } catch (error) {
          // Only an open one can be expired: what is paid, or over, is as it should be.
          const { status } = await stripe.checkout.sessions.retrieve(reference)
          if (status === 'open') throw error
        }
      }),

    refund: ({ refundId, paymentId, captureReference, amount }) =>
      call('refund', async () => {
        // Idempotency keys are forgotten after a day or more, a job may be tried again later than that.
        const made = await stripe.refunds.list({ payment_intent: captureReference, limit: 100 })
        const refund =
          made.data.find(({ metadata }) => metadata?.refundId === refundId) ??
          (await stripe.refunds.create(
            {
              payment_intent: captureReference,
              amount: toStripeAmount(amount).amount,
              metadata: { refundId, paymentId },
            },
            { idempotencyKey: refundId },
          ))
        if (refund.status === 'failed' || refund.status === 'canceled') throw refuse(refundRefused)
      }),
  }

  /**
   * A key that Stripe has forgotten makes another session for the same payment. Those that were paid are found by the buyer's address,
   * as it was when the session was made, within the days in which a payment may be opened again: a pending one lives for 25 hours.
   */
  async function othersOf(session: Stripe.Checkout.Session, paymentId: string) {
    if (!session.customer_email) return []
    const paid = stripe.checkout.sessions.list({
      customer_details: { email: session.customer_email },
      status: 'complete',
      created: { gte: session.created - twoDays, lte: session.created + twoDays },
      limit: 100,
      expand: ['data.payment_intent.latest_charge'],
    })
    const others: Stripe.Checkout.Session[] = []
    for await (const other of paid) {
      if (other.id !== session.id && other.metadata?.paymentId === paymentId) others.push(other)
    }
    return others
  }

  function verified(rawBody: Buffer, signature: string | string[], at: Date): Stripe.Event {
    try {
      return stripe.webhooks.constructEvent(
        rawBody,
        signature,
        settings.webhookSecret,
        toleranceSeconds,
        undefined,
        at.getTime(),
      )
    } catch {
      throw refuse(invalidSignature)
    }
  }
}

/**
 * Stripe refuses a key with another body than it knows, and a title or an address may have changed since its answer was lost: then it
 * opens a second session. Nobody was ever sent to the first.
 */
function keyOf({ paymentId, title, email, successUrl, cancelUrl }: CheckoutRequest): string {
  const words = JSON.stringify([title, email, successUrl, cancelUrl])
  return `${paymentId}:${createHash('sha256').update(words).digest('hex').slice(0, 16)}`
}

/**
 * The same request makes the same body, and the same key: so no `expires_at`, whose default is the longest that
 * Stripe allows, 24 hours. Without adaptive pricing, which may charge another currency than the one compared.
 */
function sessionOf(request: CheckoutRequest): Stripe.Checkout.SessionCreateParams {
  const { amount, currency } = toStripeAmount(request.amount)
  const metadata = { paymentId: request.paymentId }
  return {
    mode: 'payment',
    line_items: [
      {
        quantity: 1,
        price_data: {
          currency,
          unit_amount: amount,
          product_data: { name: request.title.slice(0, longestTitle) },
        },
      },
    ],
    client_reference_id: request.paymentId,
    metadata,
    payment_intent_data: { metadata },
    ...(request.email === null ? {} : { customer_email: request.email }),
    success_url: request.successUrl,
    cancel_url: request.cancelUrl,
    adaptive_pricing: { enabled: false },
  }
}

function answerOf(
  session: Stripe.Checkout.Session,
  others: readonly Stripe.Checkout.Session[],
): GatewayAnswer {
  const captures = [session, ...others].flatMap(captureOf)
  if (captures.length > 0) return { status: 'captured', captures }
  const intent = expanded(session.payment_intent)
  if (session.status === 'expired') return { status: 'failed', reason: 'expired' }
  if (session.status === 'complete' && hasFailed(intent)) return { status: 'failed', reason: 'declined' }
  if (session.status === 'open' || session.status === 'complete') return { status: 'pending' }
  throw new Error('a session in no known state')
}

function captureOf(session: Stripe.Checkout.Session): ToldCapture[] {
  const intent = expanded(session.payment_intent)
  if (session.payment_status !== 'paid' || !intent) return []
  const charge = expanded(intent.latest_charge)
  const captured = {
    captureReference: intent.id,
    amount: fromStripeAmount(intent.amount_received, intent.currency),
    refundedInAll: fromStripeAmount(charge?.amount_refunded ?? 0, intent.currency),
  }
  return [captured]
}

/** A payment that was to settle after the checkout (a bank debit) and did not. */
function hasFailed(intent: Stripe.PaymentIntent | null): boolean {
  return intent?.status === 'requires_payment_method' || intent?.status === 'canceled'
}

function expanded<Related extends { id: string }>(related: string | Related | null): Related | null {
  return typeof related === 'string' ? null : related
}

function isAboutAmount(code: string | undefined, param: string | undefined): boolean {
  if (code === 'amount_too_small' || code === 'amount_too_large') return true
  return param !== undefined && /price_data\]?\[(unit_amount|currency)\]/.test(param)
}

/** The options of the SDK for another address than its own. */
export function address(base: string | null) {
  if (base === null) return {}
  const { protocol, hostname, port } = new URL(base)
  const isPlain = protocol === 'http:'
  return {
    protocol: isPlain ? ('http' as const) : ('https' as const),
    host: hostname,
    port: port || (isPlain ? '80' : '443'),
  }
}
