import type { IncomingHttpHeaders } from 'node:http'
import type { Money } from '../../platform/money.ts'

export type GatewayName = 'stripe' | 'razorpay' | 'simulator'

/** What the person's browser does next, as the API answers it. */
export type Checkout =
  | { readonly type: 'redirect'; readonly url: string }
  | {
      readonly type: 'razorpay'
      readonly orderId: string
      readonly keyId: string
      readonly amount: number
      readonly currency: string
    }

/** What is to be paid. The payment's id goes along as idempotency key and in the gateway's metadata. */
export interface CheckoutRequest {
  readonly paymentId: string
  readonly amount: Money
  readonly title: string
  /** Null where the account is deleted: then only what was opened before is looked for. */
  readonly email: string | null
  /** Where the browser comes back to. */
  readonly successUrl: string
  readonly cancelUrl: string
}

export interface OpenedCheckout {
  /** The gateway's own name of it: a Checkout Session, an order. Stored, and asked by in reconciliation. */
  readonly reference: string
  readonly checkout: Checkout
}

interface GatewayFact {
  /** Unique per gateway and repeated with every delivery: the key of the inbox. */
  readonly id: string
  /** Ours, from the metadata; null where the event carries none. */
  readonly paymentId: string | null
  /** The gateway's order or session, where the event carries it. */
  readonly reference: string | null
}

/** A verified webhook, translated: all that the rest of the module knows of a gateway's messages. */
export type GatewayEvent =
  | (GatewayFact & { readonly kind: 'captured'; readonly captureReference: string; readonly amount: Money })
  | (GatewayFact & { readonly kind: 'failed'; readonly reason: string })
  | (GatewayFact & {
      readonly kind: 'refunded'
      readonly captureReference: string
      /** Refunded of this capture in all, this refund included: so that repeats and reorderings agree. */
      readonly refundedInAll: Money
    })
  /** Genuine, and of no interest. */
  | (GatewayFact & { readonly kind: 'other' })

/** Money that a gateway took for a payment, and how much of it went back. */
export interface ToldCapture {
  readonly captureReference: string
  readonly amount: Money
  readonly refundedInAll: Money
}

/** What the gateway says when asked how a payment stands. */
export type GatewayAnswer =
  | { readonly status: 'pending' }
  | { readonly status: 'failed'; readonly reason: string }
  /** All that was ever taken for it: mostly once. */
  | { readonly status: 'captured'; readonly captures: readonly ToldCapture[] }

/** One of the three ways to be paid. No method touches our database; those that give a promise are not called inside a transaction. */
export interface Gateway {
  readonly name: GatewayName
  /** What the front end needs to show it: a publishable key or key id; null where it needs none. */
  readonly publicKey: string | null
  /**
   * Why the gateway can neither take nor give back exactly this amount, as far as that is known without asking it; null where nothing
   * speaks against it. Pure.
   */
  objectionTo(amount: Money): string | null
  /**
   * Opens the checkout; asked again with the same payment id, the same one.
   * @throws Refusal 409 `amount_not_payable` or 502 `gateway_refused` where it will never open it; 502 `gateway_failed` where it does
   * not answer as it should
   */
  open(request: CheckoutRequest): Promise<OpenedCheckout>
  /**
   * Verifies and translates a webhook.
   * @param rawBody the very bytes that were signed
   * @throws Refusal 400 `invalid_signature`
   */
  readWebhook(rawBody: Buffer, headers: IncomingHttpHeaders, at: Date): GatewayEvent
  /** Asks how a payment stands: for lost webhooks. @throws Refusal 502 `gateway_failed` */
  ask(payment: { paymentId: string; reference: string }): Promise<GatewayAnswer>
  /**
   * Ends a checkout that is not to be paid any more; harmless where it is paid or over. Absent where the gateway cannot.
   * @throws Refusal 502 `gateway_failed`
   */
  readonly close?: (reference: string) => Promise<void>
  /**
   * Gives money back; asked again with the same refund id, nothing more happens.
   * @throws Refusal `refund_refused` where it will never happen; 502 `gateway_failed` otherwise: a job tries again
   */
  refund(request: {
    refundId: string
    paymentId: string
    captureReference: string
    amount: Money
  }): Promise<void>
  /**
   * The signature that Razorpay's checkout hands to the browser (HMAC-SHA256 of `order_id|payment_id` with the key secret);
   * absent at the other gateways.
   */
  readonly verifyCheckout?: (said: { orderId: string; paymentId: string; signature: string }) => boolean
}
