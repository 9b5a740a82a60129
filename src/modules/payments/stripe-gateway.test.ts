import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type FakeStripe, openFakeStripe, type SignedWebhook } from '../../../test/support/fake-stripe.ts'
import { checkoutRequest, holdWhateverIsSigned, refusal } from '../../../test/support/gateway-contract.ts'
import type { Mood } from '../../../test/support/unreliable-server.ts'
import { newId } from '../../platform/ids.ts'
import { createLog } from '../../platform/log.ts'
import { amountNotPayable, gatewayFailed, invalidSignature, refundRefused } from './errors.ts'
import type { CheckoutRequest, Gateway } from './gateway.ts'
import { createStripeGateway, type StripeSettings } from './stripe-gateway.ts'

let stripe: FakeStripe
let gateway: Gateway
beforeAll(async () => {
  stripe = await openFakeStripe()
})
afterAll(() => stripe.close())
beforeEach(() => {
  stripe.behave()
  stripe.requests.length = 0
  gateway = connect()
})

function connect(other: Partial<StripeSettings> = {}): Gateway {
  const { secretKey, webhookSecret, url } = stripe
  return createStripeGateway({ secretKey, webhookSecret, apiBase: url, timeoutMs: 400, ...other })
}

async function opened(other: Partial<CheckoutRequest> = {}) {
  const asked = checkoutRequest(other)
  const { reference } = await gateway.open(asked)
  return { paymentId: asked.paymentId, reference, session: stripe.last() }
}

async function bought(other: Partial<CheckoutRequest> = {}) {
  const purchase = await opened(other)
  stripe.pay(purchase.session)
  const captureReference = purchase.session.intent?.id ?? ''
  return { ...purchase, captureReference }
}

const read = ({ body, headers }: SignedWebhook, at = new Date()) =>
  gateway.readWebhook(Buffer.from(body), headers, at)

describe('open', () => {
  it('sends the buyer to a session for exactly this payment', async () => {
    const asked = checkoutRequest()
    const { reference, checkout } = await gateway.open(asked)
    const { form, url } = stripe.last()
    expect({ reference, checkout }).toEqual({
      reference: stripe.last().id,
      checkout: { type: 'redirect', url },
    })
    expect(form).toMatchObject({
      client_reference_id: asked.paymentId,
      'line_items[0][price_data][unit_amount]': '49900',
      'line_items[0][price_data][currency]': 'inr',
      'line_items[0][price_data][product_data][name]': 'Bread at home',
      customer_email: 'asha@example.org',
      success_url: 'https://school.test/paid',
      cancel_url: 'https://school.test/course',
    })
    expect(stripe.requests[0]?.headers['stripe-version']).toBe('2026-10-28.endive')
  })

  it('gives the same session when asked again, also where the first answer was lost', async () => {
    const asked = checkoutRequest()
    stripe.misbehave('lost', 1)
    const first = await gateway.open(asked)
    expect(await gateway.open(asked)).toEqual(first)
    const ours = [...stripe.sessions.values()].filter(
      ({ form }) => form.client_reference_id === asked.paymentId,
    )
    expect(ours).toHaveLength(1)
  })

  it('opens another session where the course was renamed since an answer was lost', async () => {
    const asked = checkoutRequest()
    await gateway.open(asked)
    const { checkout } = await gateway.open({ ...asked, title: 'A new title' })
    expect(checkout).toMatchObject({ type: 'redirect' })
  })

  it('502 gateway_failed: the same payment for another amount', async () => {
    const asked = checkoutRequest()
    await gateway.open(asked)
    const other = { ...asked, amount: { amount: 100, currency: 'INR' } }
    await expect(gateway.open(other)).rejects.toThrow(refusal(gatewayFailed))
  })

  it("tells an amount in Stripe's own units", async () => {
    await gateway.open(checkoutRequest({ amount: { amount: 5_000, currency: 'ISK' } }))
    expect(stripe.last().form['line_items[0][price_data][unit_amount]']).toBe('500000')
  })

  it.each([
    ['that has no form at Stripe', { amount: 5_124, currency: 'KWD' }],
    ['that Stripe finds too small', { amount: 49, currency: 'USD' }],
  ])('409 amount_not_payable: an amount %s', async (_case, amount) => {
    await expect(gateway.open(checkoutRequest({ amount }))).rejects.toThrow(refusal(amountNotPayable))
  })

  it('takes a title of any length', async () => {
    await gateway.open(checkoutRequest({ title: 'long '.repeat(100) }))
    expect(stripe.last().form['line_items[0][price_data][product_data][name]']).toHaveLength(250)
  })
})

describe('a webhook', () => {
  it.each(['checkout.session.completed', 'checkout.session.async_payment_succeeded'])(
    '%s: captured, with the money that came',
    async (type) => {
      const { paymentId, reference, captureReference, session } = await bought()
      expect(read(stripe.webhook(type, session, { id: 'evt_1' }))).toEqual({
        id: 'evt_1',
        kind: 'captured',
        paymentId,
        reference,
        captureReference,
        amount: { amount: 49_900, currency: 'INR' },
      })
    },
  )

  it('checkout.session.completed: of no interest yet where the money comes later', async () => {
    const { paymentId, session } = await opened()
    stripe.pay(session, 'later')
    expect(read(stripe.webhook('checkout.session.completed', session))).toMatchObject({
      kind: 'other',
      paymentId,
    })
  })

  it('is read or refused with a 400, whatever was signed', async () => {
    const { session } = await bought()
    holdWhateverIsSigned({
      read,
      types: ['checkout.session.completed', 'checkout.session.expired', 'charge.refunded', 'other'],
      fields: [
        'id',
        'metadata',
        'payment_intent',
        'payment_status',
        'amount_total',
        'amount_refunded',
        'currency',
      ],
      webhook: (type, change) => stripe.webhook(type, session, { change }),
      sign: stripe.sign,
    })
  })

  it.each([
    ['checkout.session.async_payment_failed', 'declined'],
    ['checkout.session.expired', 'expired'],
  ])('%s: failed, as %s', async (type, reason) => {
    const { paymentId, reference, session } = await opened()
    expect(read(stripe.webhook(type, session))).toMatchObject({
      kind: 'failed',
      reason,
      paymentId,
      reference,
    })
  })

  it('charge.refunded: refunded, with all that was given back so far', async () => {
    const { paymentId, captureReference, session } = await bought()
    stripe.refundInDashboard(session, 10_000)
    stripe.refundInDashboard(session, 5_000)
    expect(read(stripe.webhook('charge.refunded', session))).toMatchObject({
      kind: 'refunded',
      paymentId,
      captureReference,
      refundedInAll: { amount: 15_000, currency: 'INR' },
    })
  })

  it('is of no interest where it is about something else, or of another program on the same account', async () => {
    const { session } = await bought()
    const elsewhere = stripe.webhook('charge.refunded', session, { change: { metadata: {} } })
    expect(read(elsewhere)).toMatchObject({ kind: 'other' })
    expect(read(stripe.webhook('checkout.session.created', session))).toMatchObject({ kind: 'other' })
    const subscription = { payment_intent: null, mode: 'subscription' }
    const webhook = stripe.webhook('checkout.session.completed', session, { change: subscription })
    expect(read(webhook)).toMatchObject({ kind: 'other' })
  })

  it("names no payment of ours where another program's metadata stands", async () => {
    const { session } = await bought()
    const change = { metadata: { paymentId: "1'; drop table payments" } }
    expect(read(stripe.webhook('checkout.session.completed', session, { change }))).toMatchObject({
      paymentId: null,
    })
  })

  it.each([
    [
      'a changed body',
      (webhook: SignedWebhook) => ({ ...webhook, body: webhook.body.replace('49900', '49901') }),
    ],
    ['no signature', (webhook: SignedWebhook) => ({ ...webhook, headers: {} })],
    ['an empty body', (webhook: SignedWebhook) => ({ ...webhook, body: '' })],
    [
      'a signature that is none',
      (webhook: SignedWebhook) => ({ ...webhook, headers: { 'stripe-signature': 'x' } }),
    ],
  ])('400 invalid_signature: %s', async (_case, spoil) => {
    const { session } = await bought()
    const webhook = stripe.webhook('checkout.session.completed', session)
    expect(() => read(spoil(webhook))).toThrow(refusal(invalidSignature))
  })

  it('400 invalid_signature: another secret', async () => {
    const { session } = await bought()
    const webhook = stripe.webhook('checkout.session.completed', session, { secret: 'whsec_other' })
    expect(() => read(webhook)).toThrow(refusal(invalidSignature))
  })

  it('400 invalid_signature: older than five minutes by our clock, not the computer’s', async () => {
    const { session } = await bought()
    const at = new Date('2031-05-01T12:00:00Z')
    const webhook = stripe.webhook('checkout.session.completed', session, { at })
    const later = (seconds: number) => new Date(at.getTime() + seconds * 1_000)
    expect(read(webhook, later(300))).toMatchObject({ kind: 'captured' })
    expect(() => read(webhook, later(301))).toThrow(refusal(invalidSignature))
  })
})

describe('ask', () => {
  it('pending while the session is open, failed when it has expired', async () => {
    const { paymentId, reference, session } = await opened()
    expect(await gateway.ask({ paymentId, reference })).toEqual({ status: 'pending' })
    stripe.expire(session)
    expect(await gateway.ask({ paymentId, reference })).toEqual({ status: 'failed', reason: 'expired' })
  })

  it('captured, with what was given back since', async () => {
    const { paymentId, reference, captureReference, session } = await bought()
    stripe.refundInDashboard(session, 900)
    const amount = { amount: 49_900, currency: 'INR' }
    const refundedInAll = { amount: 900, currency: 'INR' }
    expect(await gateway.ask({ paymentId, reference })).toEqual({
      status: 'captured',
      captures: [{ captureReference, amount, refundedInAll }],
    })
  })

  it('captured twice: also in another session of the same payment, which Stripe made when it had forgotten the first', async () => {
    const asked = checkoutRequest({ email: 'twice@example.org' })
    const first = await gateway.open(asked)
    stripe.forgetKeys()
    const second = await gateway.open(asked)
    expect(second.reference).not.toBe(first.reference)
    const sessions = [first, second].map(({ reference }) => stripe.sessions.get(reference))
    for (const session of sessions) if (session) stripe.pay(session)
    await bought({ email: 'twice@example.org' })
    const { paymentId } = asked
    expect(await gateway.ask({ paymentId, reference: first.reference })).toMatchObject({
      status: 'captured',
      captures: sessions.map((session) => ({ captureReference: session?.intent?.id })),
    })
  })

  it.each([
    [true, 'captured'],
    [false, 'failed'],
  ])('pending until money that settles later comes or not (%s: %s)', async (succeeds, status) => {
    const { paymentId, reference, session } = await opened()
    stripe.pay(session, 'later')
    expect(await gateway.ask({ paymentId, reference })).toEqual({ status: 'pending' })
    stripe.settle(session, succeeds)
    expect(await gateway.ask({ paymentId, reference })).toMatchObject({ status })
  })

  it('502 gateway_failed: a session that Stripe does not know', async () => {
    const asked = { paymentId: newId(), reference: 'cs_test_unknown' }
    await expect(gateway.ask(asked)).rejects.toThrow(refusal(gatewayFailed))
  })
})

describe('close', () => {
  it('expires an open session, and leaves alone what is paid or over', async () => {
    const { reference, session } = await opened()
    await gateway.close?.(reference)
    expect(session.status).toBe('expired')
    await gateway.close?.(reference)
    const paid = await bought()
    await gateway.close?.(paid.reference)
    expect(paid.session.status).toBe('complete')
  })

  it('502 gateway_failed: a session that Stripe does not know', async () => {
    await expect(gateway.close?.('cs_test_unknown')).rejects.toThrow(refusal(gatewayFailed))
  })
})

describe('refund', () => {
  it('gives back once for one refund id, also when Stripe has forgotten its key', async () => {
    const { paymentId, captureReference, session } = await bought()
    const refund = {
      refundId: newId(),
      paymentId,
      captureReference,
      amount: { amount: 10_000, currency: 'INR' },
    }
    await gateway.refund(refund)
    await gateway.refund(refund)
    stripe.forgetKeys()
    await gateway.refund(refund)
    expect(session.intent?.refunded).toBe(10_000)
    await gateway.refund({ ...refund, refundId: newId() })
    expect(session.intent?.refunded).toBe(20_000)
    expect(stripe.refunds.at(-1)?.metadata).toMatchObject({ paymentId })
  })

  it('carries the refund id as idempotency key', async () => {
    const { paymentId, captureReference } = await bought()
    const refundId = newId()
    const amount = { amount: 10_000, currency: 'INR' }
    await gateway.refund({ refundId, paymentId, captureReference, amount })
    expect(stripe.requests.at(-1)?.headers['idempotency-key']).toBe(refundId)
  })

  it("gives back in Stripe's units", async () => {
    const amount = { amount: 70, currency: 'ISK' }
    const { paymentId, captureReference, session } = await bought({ amount })
    await gateway.refund({ refundId: newId(), paymentId, captureReference, amount })
    expect(session.intent?.refunded).toBe(7_000)
  })

  it.each([
    'charge_already_refunded',
    'charge_disputed',
    'charge_not_refundable',
    'refund_disputed_payment',
    'amount_too_large',
  ])('refund_refused: %s, which no repetition changes', async (code) => {
    const { paymentId, captureReference } = await bought()
    const amount = { amount: 10_000, currency: 'INR' }
    stripe.refuse({ status: 400, body: { error: { type: 'invalid_request_error', code } } })
    const asked = { refundId: newId(), paymentId, captureReference, amount }
    await expect(gateway.refund(asked)).rejects.toThrow(refusal(refundRefused))
  })

  it.each([
    [400, { code: 'balance_insufficient' }],
    [400, { param: 'amount' }],
    [400, { message: 'another operation on this charge is in progress' }],
    [404, { code: 'resource_missing' }],
    [409, { type: 'idempotency_error', code: 'idempotency_key_in_use' }],
    [429, { code: 'lock_timeout' }],
    [429, { code: 'rate_limit' }],
  ])('502 gateway_failed: %i %j, then it is made', async (status, error) => {
    const { paymentId, captureReference, session } = await bought()
    const amount = { amount: 10_000, currency: 'INR' }
    const asked = { refundId: newId(), paymentId, captureReference, amount }
    stripe.refuse({ status, body: { error: { type: 'invalid_request_error', ...error } } })
    await expect(gateway.refund(asked)).rejects.toThrow(refusal(gatewayFailed))
    stripe.behave()
    await gateway.refund(asked)
    expect(session.intent?.refunded).toBe(10_000)
  })

  it('refund_refused: all is back already; 502 gateway_failed: more than is left, no answer', async () => {
    const { paymentId, captureReference, session } = await bought()
    const refund = {
      refundId: newId(),
      paymentId,
      captureReference,
      amount: { amount: 49_901, currency: 'INR' },
    }
    await expect(gateway.refund(refund)).rejects.toThrow(refusal(gatewayFailed))
    stripe.refundInDashboard(session, 49_900)
    stripe.forgetKeys()
    await expect(gateway.refund(refund)).rejects.toThrow(refusal(refundRefused))
    stripe.misbehave('error', 2)
    await expect(gateway.refund(refund)).rejects.toThrow(refusal(gatewayFailed))
  })
})

describe('a service that misbehaves', () => {
  it.each<Mood>(['error', 'silent', 'truncated', 'cut', 'html'])('502 gateway_failed: %s', async (mood) => {
    const { paymentId, reference } = await opened()
    stripe.misbehave(mood)
    await expect(gateway.open(checkoutRequest())).rejects.toThrow(refusal(gatewayFailed))
    await expect(gateway.ask({ paymentId, reference })).rejects.toThrow(refusal(gatewayFailed))
  })

  it('is asked once more by itself', async () => {
    stripe.misbehave('error', 1)
    expect(await gateway.open(checkoutRequest())).toMatchObject({ checkout: { type: 'redirect' } })
    expect(stripe.requests).toHaveLength(2)
  })

  it('is waited for where it is slow', async () => {
    stripe.misbehave('slow', 1)
    await gateway.open(checkoutRequest())
    expect(stripe.requests).toHaveLength(1)
  })

  it('502 gateway_failed: nobody listens', async () => {
    const deaf = connect({ apiBase: 'http://127.0.0.1:9' })
    await expect(deaf.open(checkoutRequest())).rejects.toThrow(refusal(gatewayFailed))
  })

  it('502 gateway_failed: a wrong key, and the log tells neither the key nor the buyer', async () => {
    const lines: string[] = []
    const log = createLog('silent')
    log.warn = (...said: unknown[]) => void lines.push(JSON.stringify(said))
    const stranger = connect({ secretKey: 'sk_test_stranger', log })
    await expect(stranger.open(checkoutRequest())).rejects.toThrow(refusal(gatewayFailed))
    expect(lines.join()).toMatch(/"what":"open".*"statusCode":401/)
    expect(lines.join()).not.toMatch(/sk_test|asha|whsec/)
  })
})
