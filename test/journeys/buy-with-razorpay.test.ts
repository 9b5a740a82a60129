import { afterAll, beforeAll, expect, it } from 'vitest'
import { type FakeRazorpay, openFakeRazorpay } from '../support/fake-razorpay.ts'
import type { SignedWebhook } from '../support/fake-stripe.ts'
import { publishCourse, register } from '../support/school.ts'
import { createWorld, type World } from '../support/world.ts'

let razorpay: FakeRazorpay
let world: World
const price = { amount: 49_900, currency: 'INR' }

beforeAll(async () => {
  razorpay = await openFakeRazorpay()
  const { keyId, keySecret, webhookSecret, url } = razorpay
  world = await createWorld({ config: { razorpay: { keyId, keySecret, webhookSecret, apiBase: url } } })
})
afterAll(async () => {
  await world.close()
  await razorpay.close()
})

async function deliver({ body, headers }: SignedWebhook) {
  const answer = await world.client.post('/api/payments/webhook/razorpay', body, { headers })
  await world.drain()
  return answer
}

it('a student buys a course with Razorpay and reads its first lesson; refunded there, the course closes', async () => {
  const mira = await register(world.client, 'Mira', 'instructor')
  const asha = await register(world.client, 'Asha')
  const ben = await register(world.client, 'Ben')
  const { courseId, lessonPath } = await publishCourse(mira, { title: 'Bread at home', price })

  const { gateways } = (await world.client.get('/api/payments/gateways')).body
  expect(gateways[0]).toEqual({ name: 'razorpay', publicKey: 'rzp_test_school' })
  expect((await asha.post('/api/enrollments', { courseId })).body.status).toBe('pending')
  expect(await asha.get(lessonPath)).toMatchObject({ status: 403, body: { code: 'not_enrolled' } })

  const created = await asha.post('/api/payments/create-order', { courseId, gateway: 'razorpay' })
  const order = razorpay.last()
  expect(created).toMatchObject({
    status: 201,
    body: {
      payment: { status: 'pending', gateway: 'razorpay', amount: price },
      checkout: { type: 'razorpay', orderId: order.id, keyId: 'rzp_test_school', ...price },
    },
  })
  const paymentPath = `/api/payments/${created.body.payment.id}`

  // Her first try fails at the bank; the checkout in the page lets her try again, and the second one is paid.
  const failed = razorpay.attempt(order, 'failed')
  expect((await deliver(razorpay.webhook('payment.failed', failed))).status).toBe(200)
  expect((await asha.get(paymentPath)).body).toMatchObject({
    status: 'failed',
    failureReason: 'incorrect_pin',
  })
  const paid = razorpay.attempt(order, 'captured')

  // What the checkout hands to the page opens the course at once; made up, or of somebody else, it does not.
  const proof = razorpay.handOver(paid)
  const forged = { ...proof, razorpay_payment_id: failed.id }
  expect(await asha.post('/api/payments/verify', forged)).toMatchObject({
    status: 400,
    body: { code: 'invalid_signature' },
  })
  expect((await ben.post('/api/payments/verify', proof)).status).toBe(404)
  expect((await asha.get(lessonPath)).status).toBe(403)
  const verified = await asha.post('/api/payments/verify', proof)
  expect(verified).toMatchObject({
    status: 200,
    body: { payment: { status: 'captured' }, enrollment: { status: 'active', courseId } },
  })
  expect((await asha.get(lessonPath)).body.body).toBe('# Kneading')
  expect((await asha.post('/api/payments/verify', proof)).body).toEqual(verified.body)

  // Both webhooks about the one capture come, each twice, and the failed one again: it stays one purchase.
  const webhooks = ['payment.captured', 'order.paid'].map((event) => razorpay.webhook(event, paid))
  const late = razorpay.webhook('payment.failed', failed)
  for (const webhook of [...webhooks, ...webhooks, late]) expect((await deliver(webhook)).status).toBe(200)
  expect((await asha.get(paymentPath)).body.status).toBe('captured')
  expect((await asha.get('/api/enrollments/my')).body.items).toMatchObject([{ courseId, status: 'active' }])

  // All of it is given back in Razorpay's dashboard, in two parts.
  razorpay.refundInDashboard(paid, 20_000)
  await deliver(razorpay.webhook('refund.processed', paid))
  expect((await asha.get(paymentPath)).body.refunded).toEqual({ amount: 20_000, currency: 'INR' })
  expect((await asha.get(lessonPath)).status).toBe(200)
  razorpay.refundInDashboard(paid, 29_900)
  await deliver(razorpay.webhook('refund.processed', paid))
  expect((await asha.get(paymentPath)).body).toMatchObject({ status: 'refunded', refunded: price })
  expect((await asha.get('/api/enrollments/my')).body.items).toMatchObject([{ status: 'cancelled' }])
  expect((await asha.get(lessonPath)).status).toBe(403)
})

it('the page is closed before it tells: the webhook alone opens the course, delivered twice', async () => {
  const noor = await register(world.client, 'Noor', 'instructor')
  const cara = await register(world.client, 'Cara')
  const { courseId, lessonPath } = await publishCourse(noor, { title: 'Pasta at home', price })
  await cara.post('/api/payments/create', { courseId, gateway: 'razorpay' })
  const webhook = razorpay.webhook('payment.captured', razorpay.attempt(razorpay.last(), 'captured'))
  const forged = { ...webhook, body: webhook.body.replace('49900', '4990') }
  expect(await deliver(forged)).toMatchObject({ status: 400, body: { code: 'invalid_signature' } })
  expect((await cara.get(lessonPath)).status).toBe(403)
  for (const _time of ['first', 'again']) expect((await deliver(webhook)).status).toBe(200)
  expect((await cara.get(lessonPath)).status).toBe(200)
  expect((await cara.get('/api/enrollments/my')).body.items).toHaveLength(1)
})

it('the same request five times at once: every page gets the one order that we know of', async () => {
  const otto = await register(world.client, 'Otto', 'instructor')
  const dina = await register(world.client, 'Dina')
  const { courseId, lessonPath } = await publishCourse(otto, { title: 'Cake at home', price })
  razorpay.blind = 5
  const headers = { 'idempotency-key': 'dinas-purchase' }
  const wish = { courseId, gateway: 'razorpay' }
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => dina.post('/api/payments/create', wish, { headers })),
  )
  razorpay.blind = 0
  expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201])
  const orderIds = new Set(answers.map(({ body }) => body.checkout.orderId))
  expect(orderIds.size).toBe(1)
  const order = razorpay.orders.find(({ id }) => orderIds.has(id))
  if (!order) throw new Error('Razorpay does not know the order')
  await deliver(razorpay.webhook('payment.captured', razorpay.attempt(order, 'captured')))
  expect((await dina.get(lessonPath)).status).toBe(200)
})
