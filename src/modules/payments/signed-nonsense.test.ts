import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FakeRazorpay, openFakeRazorpay } from '../../../test/support/fake-razorpay.ts'
import { type FakeStripe, openFakeStripe } from '../../../test/support/fake-stripe.ts'
import { checkoutRequest } from '../../../test/support/gateway-contract.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { newId } from '../../platform/ids.ts'
import { setGateways } from './gateways.ts'
import { createRazorpayGateway } from './razorpay-gateway.ts'
import { createSimulator, signatureHeader } from './simulator.ts'
import { signBody } from './simulator-signature.ts'
import { createStripeGateway } from './stripe-gateway.ts'

let world: World
let stripe: FakeStripe
let razorpay: FakeRazorpay
beforeAll(async () => {
  world = await createWorld()
  stripe = await openFakeStripe()
  razorpay = await openFakeRazorpay()
  setGateways(world.deps, [
    createSimulator(world.deps),
    createStripeGateway({ ...stripe, apiBase: stripe.url }),
    createRazorpayGateway({ ...razorpay, apiBase: razorpay.url }),
  ])
})
afterAll(async () => {
  await Promise.all([world.close(), stripe.close(), razorpay.close()])
})

interface Signed {
  readonly body: string
  readonly headers: Record<string, string>
}

const inbox = async () =>
  (await world.database.pool.query('select count(*)::int as count from webhook_inbox')).rows[0].count
const sign = (message: unknown): Signed => {
  const body = JSON.stringify(message)
  const signature = signBody(Buffer.from(body), world.deps.config.simulator.secret, world.clock.now())
  return { body, headers: { [signatureHeader]: signature } }
}

const unstorable = ['half \ud800 of a pair', 'a\0b', 'x'.repeat(9_000)]
/** Fields of a message that are as they should be, odd, or missing. */
const odd = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...unstorable, '', 'INR', 1e300, -1, 0, 0.5, 2 ** 53) },
  fc.jsonValue(),
  fc.integer(),
)
const changes = (fields: readonly string[]) => fc.dictionary(fc.constantFrom(...fields), odd, { maxKeys: 3 })

const renamed = ({ body }: Signed, id: unknown) => stripe.sign(JSON.stringify({ ...JSON.parse(body), id }))

/** 200 and kept (or of no interest), or 400 and nothing kept: never a 500. */
async function hold(gateway: string, signed: Signed): Promise<number> {
  const before = await inbox()
  const { status } = await world.client.post(`/api/payments/webhook/${gateway}`, signed.body, {
    headers: { ...signed.headers, 'content-type': 'application/json' },
  })
  expect([200, 400]).toContain(status)
  if (status === 400) expect(await inbox()).toBe(before)
  return status
}

describe('POST /payments/webhook/:gateway: 200, or 400 and an unchanged database, whatever is signed', () => {
  it('by the simulator', async () => {
    const data = { paymentId: newId(), amount: 49_900, currency: 'INR' }
    for (const id of unstorable)
      expect(await hold('simulator', sign({ id, type: 'payment.captured', data }))).toBe(400)
    const message = fc
      .tuple(changes(['id', 'type', 'data']), changes(['paymentId', 'amount', 'currency']))
      .map(([top, inner]) => ({ id: newId(), type: 'payment.captured', data: { ...data, ...inner }, ...top }))
    await fc.assert(
      fc.asyncProperty(fc.oneof({ weight: 5, arbitrary: message }, fc.jsonValue()), async (said) => {
        await hold('simulator', sign(said))
      }),
      { numRuns: 60 },
    )
  })

  it('by Stripe', async () => {
    await createStripeGateway({ ...stripe, apiBase: stripe.url }).open(checkoutRequest())
    const session = stripe.last()
    stripe.pay(session)
    for (const id of unstorable)
      expect(await hold('stripe', renamed(stripe.webhook('checkout.session.completed', session), id))).toBe(
        400,
      )
    const types = fc.constantFrom('checkout.session.completed', 'checkout.session.expired', 'charge.refunded')
    const change = changes([
      'id',
      'metadata',
      'payment_intent',
      'amount_total',
      'amount_refunded',
      'currency',
    ])
    const ids = fc.oneof(fc.constant(undefined), odd)
    await fc.assert(
      fc.asyncProperty(types, change, ids, async (type, changed, id) => {
        const webhook = stripe.webhook(type, session, { change: changed })
        await hold('stripe', id === undefined ? webhook : renamed(webhook, id))
      }),
      { numRuns: 60 },
    )
  })

  it('by Razorpay', async () => {
    const asked = checkoutRequest()
    await createRazorpayGateway({ ...razorpay, apiBase: razorpay.url }).open(asked)
    const payment = razorpay.attempt(razorpay.last(), 'captured')
    for (const id of unstorable)
      expect(await hold('razorpay', razorpay.webhook('payment.captured', payment, { change: { id } }))).toBe(
        400,
      )
    expect(
      await hold('razorpay', razorpay.webhook('payment.captured', payment, { change: { amount: 1e300 } })),
    ).toBe(400)
    const types = fc.constantFrom('payment.captured', 'order.paid', 'payment.failed', 'refund.processed')
    const change = changes(['id', 'order_id', 'amount', 'amount_refunded', 'currency', 'error_reason'])
    await fc.assert(
      fc.asyncProperty(types, change, async (type, changed) => {
        await hold('razorpay', razorpay.webhook(type, payment, { change: changed }))
      }),
      { numRuns: 60 },
    )
  })
})
