import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type FakeRazorpay, openFakeRazorpay } from '../../../test/support/fake-razorpay.ts'
import type { SignedWebhook } from '../../../test/support/fake-stripe.ts'
import { checkoutRequest, holdWhateverIsSigned, refusal } from '../../../test/support/gateway-contract.ts'
import type { Mood } from '../../../test/support/unreliable-server.ts'
import { newId } from '../../platform/ids.ts'
import { createLog } from '../../platform/log.ts'
import { amountNotPayable, gatewayFailed, gatewayRefused, invalidSignature, refundRefused } from './errors.ts'
import type { Gateway } from './gateway.ts'
import { createRazorpayGateway, type RazorpaySettings } from './razorpay-gateway.ts'

let razorpay: FakeRazorpay
let gateway: Gateway
beforeAll(async () => {
  razorpay = await openFakeRazorpay()
})
afterAll(() => razorpay.close())
beforeEach(() => {
  razorpay.behave()
  razorpay.requests.length = 0
  razorpay.uniqueReceipts = false
  gateway = connect()
})

function connect(other: Partial<RazorpaySettings> = {}): Gateway {
  const { keyId, keySecret, webhookSecret, url } = razorpay
  return createRazorpayGateway({ keyId, keySecret, webhookSecret, apiBase: url, timeoutMs: 400, ...other })
}

async function opened() {
  const asked = checkoutRequest()
  const { reference } = await gateway.open(asked)
  return { paymentId: asked.paymentId, reference, order: razorpay.last() }
}

async function bought() {
  const purchase = await opened()
  return { ...purchase, payment: razorpay.attempt(purchase.order, 'captured') }
}

async function toRefund() {
  const { paymentId, payment } = await bought()
  const amount = { amount: 10_000, currency: 'INR' }
  return { refundId: newId(), paymentId, captureReference: payment.id, amount }
}
const refused = (status: number, error: object) => ({
  status,
  body: { error: { code: 'BAD_REQUEST_ERROR', ...error } },
})

const read = ({ body, headers }: SignedWebhook) => gateway.readWebhook(Buffer.from(body), headers, new Date())
const ordersOf = (paymentId: string) => razorpay.orders.filter(({ receipt }) => receipt === paymentId)

describe('open', () => {
  it('makes an order for exactly this payment, and tells the page what its checkout needs', async () => {
    const asked = checkoutRequest()
    const { reference, checkout } = await gateway.open(asked)
    expect(razorpay.last()).toMatchObject({
      id: reference,
      amount: 49_900,
      currency: 'INR',
      receipt: asked.paymentId,
      notes: { paymentId: asked.paymentId },
    })
    expect(checkout).toEqual({
      type: 'razorpay',
      orderId: reference,
      keyId: 'rzp_test_school',
      amount: 49_900,
      currency: 'INR',
    })
    expect(gateway.publicKey).toBe('rzp_test_school')
  })

  it('gives the same order when asked again', async () => {
    const asked = checkoutRequest()
    expect(await gateway.open(asked)).toEqual(await gateway.open(asked))
    expect(ordersOf(asked.paymentId)).toHaveLength(1)
  })

  it('gives the same order when the first answer was lost', async () => {
    const asked = checkoutRequest()
    razorpay.misbehave('lost')
    await expect(gateway.open(asked)).rejects.toThrow(refusal(gatewayFailed))
    razorpay.behave()
    await gateway.open(asked)
    expect(ordersOf(asked.paymentId)).toHaveLength(1)
  })

  it('gives the same order where another request was quicker and the account refuses a second receipt', async () => {
    razorpay.uniqueReceipts = true
    const asked = checkoutRequest()
    const { reference } = await gateway.open(asked)
    razorpay.blind = 1
    expect(await gateway.open(asked)).toMatchObject({ reference })
    expect(ordersOf(asked.paymentId)).toHaveLength(1)
  })

  it('502 gateway_failed: the same payment for another amount', async () => {
    const asked = checkoutRequest()
    await gateway.open(asked)
    const other = { ...asked, amount: { amount: 100, currency: 'INR' } }
    await expect(gateway.open(other)).rejects.toThrow(refusal(gatewayFailed))
  })

  it.each([
    ['gateway_refused', gatewayRefused, { field: 'receipt' }],
    ['gateway_refused', gatewayRefused, { field: null, reason: 'input_validation_failed' }],
    ['gateway_failed', gatewayFailed, { field: null, reason: null }],
  ])('502 %s: %j', async (_code, kind, error) => {
    razorpay.refuse(refused(400, { description: 'refused', ...error }))
    await expect(gateway.open(checkoutRequest())).rejects.toThrow(refusal(kind))
  })

  it.each([
    ['that does not end in 0 with three digits', { amount: 5_124, currency: 'KWD' }],
    ['that Razorpay finds too small', { amount: 99, currency: 'INR' }],
  ])('409 amount_not_payable: an amount %s', async (_case, amount) => {
    await expect(gateway.open(checkoutRequest({ amount }))).rejects.toThrow(refusal(amountNotPayable))
  })
})

describe('a webhook', () => {
  it('payment.captured: captured, with the money that came', async () => {
    const { reference, payment } = await bought()
    expect(read(razorpay.webhook('payment.captured', payment, { id: 'Fa1b2c3d4e5f6g' }))).toEqual({
      id: 'Fa1b2c3d4e5f6g',
      kind: 'captured',
      paymentId: null,
      reference,
      captureReference: payment.id,
      amount: { amount: 49_900, currency: 'INR' },
    })
  })

  it('order.paid: the same capture, by another event', async () => {
    const { paymentId, payment } = await bought()
    const captured = read(razorpay.webhook('payment.captured', payment))
    const paid = read(razorpay.webhook('order.paid', payment))
    expect(paid).toEqual({ ...captured, id: expect.any(String), paymentId })
    expect(paid.id).not.toBe(captured.id)
  })

  it('payment.failed: failed, with the reason', async () => {
    const { reference, order } = await opened()
    const payment = razorpay.attempt(order, 'failed')
    const failed = read(razorpay.webhook('payment.failed', payment))
    expect(failed).toMatchObject({ kind: 'failed', reason: 'incorrect_pin', reference })
    const odd = razorpay.webhook('payment.failed', payment, { change: { error_reason: '<b>No</b>' } })
    expect(read(odd)).toMatchObject({ reason: 'declined' })
  })

  it('refund.processed: refunded, with all that was given back so far', async () => {
    const { reference, payment } = await bought()
    razorpay.refundInDashboard(payment, 10_000)
    razorpay.refundInDashboard(payment, 5_000)
    expect(read(razorpay.webhook('refund.processed', payment))).toMatchObject({
      kind: 'refunded',
      reference,
      captureReference: payment.id,
      refundedInAll: { amount: 15_000, currency: 'INR' },
    })
  })

  it('refund.processed: of no interest where the money was never captured', async () => {
    const { order } = await opened()
    const payment = razorpay.attempt(order, 'authorized')
    razorpay.refundInDashboard(payment, order.amount)
    expect(read(razorpay.webhook('refund.processed', payment))).toMatchObject({ kind: 'other' })
  })

  it('is of no interest where it is about something else, or not about an order', async () => {
    const { payment } = await bought()
    expect(read(razorpay.webhook('payment.authorized', payment))).toMatchObject({ kind: 'other' })
    const page = razorpay.webhook('payment.captured', payment, { change: { order_id: null } })
    expect(read(page)).toMatchObject({ kind: 'other', reference: null })
    const odd = razorpay.webhook('payment.captured', payment, { change: { amount: 'a lot' } })
    expect(read(odd)).toMatchObject({ kind: 'other' })
  })

  it('names no payment by the notes that a browser sent', async () => {
    const { order } = await opened()
    const payment = razorpay.attempt(order, 'failed', { paymentId: newId() })
    expect(read(razorpay.webhook('payment.failed', payment))).toMatchObject({ paymentId: null })
  })

  it.each([
    ['no event id', null],
    ['an event id of any length', 'x'.repeat(5_000)],
  ])('%s: the body is its own name', async (_case, id) => {
    const { payment } = await bought()
    const webhook = razorpay.webhook('payment.captured', payment, { id })
    const name = createHash('sha256').update(webhook.body).digest('hex')
    expect(read(webhook).id).toBe(`sha256-${name}`)
  })

  it('is read or refused with a 400, whatever was signed', async () => {
    const { payment } = await bought()
    holdWhateverIsSigned({
      read,
      types: ['payment.captured', 'order.paid', 'payment.failed', 'refund.processed', 'other'],
      fields: [
        'id',
        'order_id',
        'status',
        'captured',
        'amount',
        'amount_refunded',
        'currency',
        'notes',
        'error_reason',
      ],
      webhook: (type, change) => razorpay.webhook(type, payment, { change }),
      sign: razorpay.sign,
    })
  })

  it.each([
    [
      'a changed body',
      (webhook: SignedWebhook) => ({ ...webhook, body: webhook.body.replace('49900', '49901') }),
    ],
    ['no signature', (webhook: SignedWebhook) => ({ ...webhook, headers: {} })],
    [
      'a signature that is none',
      ({ body }: SignedWebhook) => ({ body, headers: { 'x-razorpay-signature': 'é' } }),
    ],
  ])('400 invalid_signature: %s', async (_case, spoil) => {
    const { payment } = await bought()
    expect(() => read(spoil(razorpay.webhook('payment.captured', payment)))).toThrow(
      refusal(invalidSignature),
    )
  })

  it('400 invalid_signature: another secret, the key secret included', async () => {
    const { payment } = await bought()
    for (const secret of ['other', razorpay.keySecret])
      expect(() => read(razorpay.webhook('payment.captured', payment, { secret }))).toThrow(
        refusal(invalidSignature),
      )
  })
})

describe('the end of a checkout', () => {
  it('is genuine by its signature, and by nothing else', async () => {
    const { order, payment } = await bought()
    const said = razorpay.handOver(payment)
    const verify = (other: object = {}) =>
      gateway.verifyCheckout?.({
        orderId: order.id,
        paymentId: payment.id,
        signature: said.razorpay_signature,
        ...other,
      })
    expect(verify()).toBe(true)
    expect(verify({ orderId: 'order_other' })).toBe(false)
    expect(verify({ paymentId: 'pay_other' })).toBe(false)
    expect(verify({ signature: '' })).toBe(false)
    expect(verify({ signature: said.razorpay_signature.toUpperCase() })).toBe(false)
  })
})

describe('ask', () => {
  it('pending while nothing was captured, however many attempts failed', async () => {
    const { paymentId, reference, order } = await opened()
    expect(await gateway.ask({ paymentId, reference })).toEqual({ status: 'pending' })
    razorpay.attempt(order, 'failed')
    const late = razorpay.attempt(order, 'authorized')
    expect(await gateway.ask({ paymentId, reference })).toEqual({ status: 'pending' })
    razorpay.become(late, 'captured')
    expect(await gateway.ask({ paymentId, reference })).toMatchObject({
      status: 'captured',
      captures: [{ captureReference: late.id }],
    })
  })

  it.each([0, 900, 49_900])('captured, with %i given back since', async (refunded) => {
    const { paymentId, reference, payment } = await bought()
    if (refunded > 0) razorpay.refundInDashboard(payment, refunded)
    expect(await gateway.ask({ paymentId, reference })).toEqual({
      status: 'captured',
      captures: [
        {
          captureReference: payment.id,
          amount: { amount: 49_900, currency: 'INR' },
          refundedInAll: { amount: refunded, currency: 'INR' },
        },
      ],
    })
  })

  it('captured twice: every capture of the order', async () => {
    const { paymentId, reference, order, payment } = await bought()
    const second = razorpay.attempt(order, 'captured')
    expect(await gateway.ask({ paymentId, reference })).toMatchObject({
      captures: [{ captureReference: payment.id }, { captureReference: second.id }],
    })
  })

  it('502 gateway_failed: an order that Razorpay does not know', async () => {
    const asked = { paymentId: newId(), reference: 'order_unknown' }
    await expect(gateway.ask(asked)).rejects.toThrow(refusal(gatewayFailed))
  })
})

describe('refund', () => {
  it('gives back once for one refund id, also when Razorpay has forgotten its key', async () => {
    const { paymentId, payment } = await bought()
    const amount = { amount: 10_000, currency: 'INR' }
    const refund = { refundId: newId(), paymentId, captureReference: payment.id, amount }
    await gateway.refund(refund)
    await gateway.refund(refund)
    razorpay.forgetKeys()
    await gateway.refund(refund)
    expect(payment.amount_refunded).toBe(10_000)
    await gateway.refund({ ...refund, refundId: newId() })
    expect(payment.amount_refunded).toBe(20_000)
  })

  it('carries the refund id as idempotency key', async () => {
    const { paymentId, payment } = await bought()
    const refundId = newId()
    const amount = { amount: 10_000, currency: 'INR' }
    await gateway.refund({ refundId, paymentId, captureReference: payment.id, amount })
    expect(razorpay.requests.at(-1)?.headers['x-refund-idempotency']).toBe(refundId)
  })

  it('refund_refused: more than is left, which no repetition changes; 502 gateway_failed: no answer', async () => {
    const { paymentId, payment } = await bought()
    const amount = { amount: 49_901, currency: 'INR' }
    const refund = { refundId: newId(), paymentId, captureReference: payment.id, amount }
    await expect(gateway.refund(refund)).rejects.toThrow(refusal(refundRefused))
    razorpay.misbehave('error', 2)
    await expect(gateway.refund(refund)).rejects.toThrow(refusal(gatewayFailed))
  })

  it.each([
    'The payment has been fully refunded already',
    'The total refund amount is greater than the refund payment amount',
    'The payment status should be captured for action to be taken',
    'Payment is more than 6 months old, only instant refund is supported',
    'Refund is not supported by the bank because the payment is more than 6 months old',
  ])('refund_refused: %s', async (description) => {
    const asked = await toRefund()
    razorpay.refuse(refused(400, { description }))
    await expect(gateway.refund(asked)).rejects.toThrow(refusal(refundRefused))
  })

  it.each([
    [400, { description: 'invalid request sent' }],
    [400, { description: 'Request failed because another payment operation is in progress' }],
    [400, { description: 'Your account does not have enough balance to carry out the refund operation.' }],
    [400, { description: 'The refund amount is greater than your available balance' }],
    [400, { description: 'The id provided does not exist' }],
    [400, { description: 'The amount is invalid', field: 'amount' }],
    [400, { description: null, field: null, reason: null }],
    [409, { description: 'The payment has been fully refunded already' }],
    [409, { description: 'Another request with the same idempotency key is in process' }],
    [429, { description: 'Too many requests' }],
  ])('502 gateway_failed: %i %j, then it is made', async (status, error) => {
    const asked = await toRefund()
    razorpay.refuse(refused(status, error))
    await expect(gateway.refund(asked)).rejects.toThrow(refusal(gatewayFailed))
    razorpay.behave()
    await gateway.refund(asked)
    expect(razorpay.refunds.filter(({ receipt }) => receipt === asked.refundId)).toHaveLength(1)
  })
})

describe('a service that misbehaves', () => {
  it.each<Mood>(['error', 'silent', 'truncated', 'cut', 'html'])('502 gateway_failed: %s', async (mood) => {
    const { paymentId, reference } = await opened()
    razorpay.misbehave(mood)
    await expect(gateway.open(checkoutRequest())).rejects.toThrow(refusal(gatewayFailed))
    await expect(gateway.ask({ paymentId, reference })).rejects.toThrow(refusal(gatewayFailed))
  })

  it('is waited for where it is slow', async () => {
    razorpay.misbehave('slow', 2)
    expect(await gateway.open(checkoutRequest())).toMatchObject({ checkout: { type: 'razorpay' } })
  })

  it('502 gateway_failed: nobody listens, and the log tells so', async () => {
    const { lines, log } = listen()
    const deaf = connect({ apiBase: 'http://127.0.0.1:9', log })
    await expect(deaf.open(checkoutRequest())).rejects.toThrow(refusal(gatewayFailed))
    expect(lines.join()).toMatch(/"what":"open","statusCode":0,"code":"ECONN/)
  })

  it('502 gateway_failed: a wrong key, and the log tells no secret', async () => {
    const { lines, log } = listen()
    const stranger = connect({ keySecret: 'of a stranger', log })
    await expect(stranger.open(checkoutRequest())).rejects.toThrow(refusal(gatewayFailed))
    expect(lines.join()).toMatch(/"statusCode":401/)
    expect(lines.join()).not.toMatch(/stranger|asha|secret/)
  })
})

function listen() {
  const lines: string[] = []
  const log = createLog('silent')
  log.warn = (...said: unknown[]) => void lines.push(JSON.stringify(said))
  return { lines, log }
}
