import { afterAll, beforeAll, expect, it } from 'vitest'
import { makePerson } from '../../src/modules/accounts/factory.ts'
import { type FakeStripe, openFakeStripe, type SignedWebhook } from '../support/fake-stripe.ts'
import { publishCourse, register } from '../support/school.ts'
import { createWorld, type World } from '../support/world.ts'

let stripe: FakeStripe
let world: World
const price = { amount: 49_900, currency: 'INR' }

beforeAll(async () => {
  stripe = await openFakeStripe()
  const { secretKey, webhookSecret, url } = stripe
  world = await createWorld({ config: { stripe: { secretKey, webhookSecret, apiBase: url } } })
})
afterAll(async () => {
  await world.close()
  await stripe.close()
})

async function deliver({ body, headers }: SignedWebhook) {
  return world.client.post('/api/payments/webhook/stripe', body, { headers })
}

it('a student buys a course with Stripe and reads its first lesson; refunded there, the course closes', async () => {
  const mira = await register(world.client, 'Mira', 'instructor')
  const asha = await register(world.client, 'Asha')
  const { courseId, lessonPath } = await publishCourse(mira, { title: 'Bread at home', price })
  const at = world.clock.now()

  // Stripe is offered first. Without money there is no lesson.
  const { gateways } = (await world.client.get('/api/payments/gateways')).body
  expect(gateways[0]).toEqual({ name: 'stripe', publicKey: null })
  expect((await asha.post('/api/enrollments', { courseId })).body.status).toBe('pending')
  expect(await asha.get(lessonPath)).toMatchObject({ status: 403, body: { code: 'not_enrolled' } })

  // Stripe is down, then back: the same request goes on where it stopped.
  stripe.misbehave('error')
  const headers = { 'idempotency-key': 'ashas-first-purchase' }
  const wish = { courseId, gateway: 'stripe' }
  expect(await asha.post('/api/payments/create', wish, { headers })).toMatchObject({
    status: 502,
    body: { code: 'gateway_failed' },
  })
  stripe.behave()
  const created = await asha.post('/api/payments/create', wish, { headers })
  expect(created).toMatchObject({
    status: 201,
    body: {
      payment: { status: 'pending', gateway: 'stripe', amount: price },
      checkout: { type: 'redirect', url: stripe.last().url },
    },
  })
  const paymentPath = `/api/payments/${created.body.payment.id}`
  const session = stripe.last()
  expect(session.form).toMatchObject({
    client_reference_id: created.body.payment.id,
    'line_items[0][price_data][product_data][name]': 'Bread at home',
    customer_email: 'asha@example.org',
  })

  // She pays. A forged message opens nothing, Stripe's own does: once, however often it is sent.
  stripe.pay(session)
  const completed = stripe.webhook('checkout.session.completed', session, { at })
  const forged = { ...completed, body: completed.body.replace('"paid"', '"paid" ') }
  expect(await deliver(forged)).toMatchObject({ status: 400, body: { code: 'invalid_signature' } })
  await world.drain()
  expect((await asha.get(lessonPath)).status).toBe(403)
  for (const _time of ['first', 'again']) expect((await deliver(completed)).status).toBe(200)
  await world.drain()
  expect((await deliver(completed)).status).toBe(200)
  await world.drain()
  expect((await asha.get(paymentPath)).body).toMatchObject({ status: 'captured', amount: price })
  expect((await asha.get('/api/enrollments/my')).body.items).toMatchObject([{ courseId, status: 'active' }])
  expect((await asha.get(lessonPath)).body.body).toBe('# Kneading')

  const receipt = await asha.get(`${paymentPath}/receipt`)
  expect(receipt.status).toBe(200)
  expect(receipt.headers.get('content-type')).toBe('application/pdf')

  // The session expires afterwards, as told late: nothing changes.
  expect((await deliver(stripe.webhook('checkout.session.expired', session, { at }))).status).toBe(200)
  await world.drain()
  expect((await asha.get(lessonPath)).status).toBe(200)

  // Half of it is given back in Stripe's dashboard: she keeps the course. Then the rest: it closes.
  const refundInDashboard = async (amount: number) => {
    stripe.refundInDashboard(session, amount)
    expect((await deliver(stripe.webhook('charge.refunded', session, { at }))).status).toBe(200)
    await world.drain()
  }
  await refundInDashboard(20_000)
  expect((await asha.get(paymentPath)).body).toMatchObject({
    status: 'captured',
    refunded: { amount: 20_000, currency: 'INR' },
  })
  expect((await asha.get(lessonPath)).status).toBe(200)
  await refundInDashboard(29_900)
  expect((await asha.get(paymentPath)).body).toMatchObject({ status: 'refunded', refunded: price })
  expect((await asha.get('/api/enrollments/my')).body.items).toMatchObject([{ status: 'cancelled' }])
  expect((await asha.get(lessonPath)).status).toBe(403)
})

it('the webhook is lost: the gateway is asked, and the course opens all the same', async () => {
  const noor = await register(world.client, 'Noor', 'instructor')
  const ben = await register(world.client, 'Ben')
  const { courseId, lessonPath } = await publishCourse(noor, { title: 'Pasta at home', price })
  const created = await ben.post('/api/payments/create', { courseId, gateway: 'stripe' })
  expect(created.status).toBe(201)
  stripe.pay(stripe.last())
  await world.drain()
  expect((await ben.get(lessonPath)).status).toBe(403)
  world.clock.advance({ minutes: 5 })
  await runSchedule('payments.reconcile')
  expect((await ben.get(lessonPath)).status).toBe(200)

  // An admin gives a part back while Stripe's answers get lost: it goes back once, and Stripe's own report of it counts nothing twice.
  const admin = world.client.as((await makePerson(world.deps, { role: 'admin' })).accessToken)
  const paymentPath = `/api/payments/${created.body.payment.id}`
  const part = { amount: 10_000, currency: 'INR' }
  expect((await admin.post(`${paymentPath}/refund`, { amount: part })).status).toBe(201)
  stripe.misbehave('lost', 6)
  await world.drain()
  stripe.behave()
  world.clock.advance({ minutes: 5 })
  await world.drain()
  const at = world.clock.now()
  const report = stripe.webhook('charge.refunded', stripe.last(), { at })
  for (const _time of ['first', 'again']) expect((await deliver(report)).status).toBe(200)
  await world.drain()
  expect(stripe.last().intent?.refunded).toBe(10_000)
  expect((await ben.get(paymentPath)).body).toMatchObject({ status: 'captured', refunded: part })
  expect((await ben.get(lessonPath)).status).toBe(200)
})

/** What the clock of the job queue does. */
async function runSchedule(name: string): Promise<void> {
  await world.database.pool.query('select graphile_worker.add_job($1, $2::json)', [name, '{}'])
  await world.drain()
}
