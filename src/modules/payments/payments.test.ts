import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Client } from '../../../test/support/http.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { newId } from '../../platform/ids.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { type MadeCourse, makeCourse } from '../catalogue/factory.ts'
import type { Gateway } from './gateway.ts'
import { setGateways } from './gateways.ts'
import { createSimulator } from './simulator.ts'
import { stripeObjectionTo } from './stripe-amounts.ts'

let world: World
let course: MadeCourse
const price = { amount: 49_900, currency: 'INR' }
beforeAll(async () => {
  world = await createWorld()
  course = await makeCourse(world.deps, { price, title: 'Paid course' })
})
afterAll(() => world.close())

async function signIn(role: Person['role'] = 'student'): Promise<Client & { person: Person }> {
  const person = await makePerson(world.deps, { role })
  return { ...world.client.as(person.accessToken), person }
}
const create = (client: Client, courseId = course.id, headers: Record<string, string> = {}) =>
  client.post('/api/payments/create', { courseId }, { headers })
const decide = (paymentId: string, outcome: 'paid' | 'declined', more: object = {}) =>
  world.client.post(`/api/payments/simulator/${paymentId}`, { outcome, ...more })
async function statusOf(client: Client, courseId = course.id): Promise<string | null> {
  return (await client.get(`/api/courses/${courseId}/enrollment-status`)).body.status
}
async function pay(client: Client, paymentId: string) {
  expect((await decide(paymentId, 'paid')).status).toBe(202)
  await world.drain()
  return (await client.get(`/api/payments/${paymentId}`)).body
}

describe('POST /payments/create', () => {
  it('201: the price of the course, and where to pay; access only with the money', async () => {
    const student = await signIn()
    const { status, body } = await create(student)
    expect(status).toBe(201)
    expect(body).toEqual({
      payment: {
        id: expect.any(String),
        courseId: course.id,
        enrollmentId: expect.any(String),
        userId: student.person.id,
        gateway: 'simulator',
        status: 'pending',
        amount: price,
        refunded: { amount: 0, currency: 'INR' },
        createdAt: world.clock.now().toISOString(),
      },
      checkout: { type: 'redirect', url: `http://lectern.test/pay/${body.payment.id}` },
    })
    expect(await statusOf(student)).toBe('pending')
    const paid = await pay(student, body.payment.id)
    expect(paid).toMatchObject({ status: 'captured', capturedAt: world.clock.now().toISOString() })
    expect(await statusOf(student)).toBe('active')
  })

  it('201: the earlier attempt fails as superseded', async () => {
    const student = await signIn()
    const first = (await create(student)).body.payment
    const second = (await create(student)).body.payment
    expect((await student.get(`/api/payments/${first.id}`)).body).toMatchObject({
      status: 'failed',
      failureReason: 'superseded',
    })
    expect(second).toMatchObject({ status: 'pending', enrollmentId: first.enrollmentId })
  })

  it('201: the same Idempotency-Key answers the same payment and checkout, in parallel too', async () => {
    const student = await signIn()
    const headers = { 'idempotency-key': newId() }
    const answers = await Promise.all(Array.from({ length: 8 }, () => create(student, course.id, headers)))
    const [first] = answers
    for (const answer of answers) expect(answer).toMatchObject({ status: 201, body: first?.body })
    const other = await student.post('/api/payments/create', { courseId: newId() }, { headers })
    expect(other).toMatchObject({ status: 409, body: { code: 'idempotency_mismatch' } })
  })

  it('201 for 20 at once: one of them stays open', async () => {
    const student = await signIn()
    const answers = await Promise.all(Array.from({ length: 20 }, () => create(student)))
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(201))
    const { rows } = await world.database.pool.query(
      'select status, count(*)::int as count from payments where user_id = $1 group by status order by status',
      [student.person.id],
    )
    expect(rows).toEqual([
      { status: 'pending', count: 1 },
      { status: 'failed', count: 19 },
    ])
  })

  it('409 already_enrolled after the money, 409 course_free for a free course', async () => {
    const student = await signIn()
    await pay(student, (await create(student)).body.payment.id)
    expect(await create(student)).toMatchObject({ status: 409, body: { code: 'already_enrolled' } })
    const free = await makeCourse(world.deps, {})
    expect(await create(student, free.id)).toMatchObject({ status: 409, body: { code: 'course_free' } })
  })

  it('409 amount_not_payable: what the gateway cannot take, and nothing is begun', async () => {
    const student = await signIn()
    const odd = await makeCourse(world.deps, { price: { amount: 5_124, currency: 'KWD' } })
    const stripe: Partial<Gateway> = { name: 'stripe', publicKey: null, objectionTo: stripeObjectionTo }
    setGateways(world.deps, [stripe as Gateway])
    const answer = await create(student, odd.id)
    setGateways(world.deps, [createSimulator(world.deps)])
    expect(answer).toMatchObject({ status: 409, body: { code: 'amount_not_payable' } })
    expect((await student.get('/api/enrollments/my')).body.items).toEqual([])
    expect((await student.get('/api/payments/my')).body.items).toEqual([])
  })

  it('400: an unknown gateway, a price from the client; 503: a gateway that is not configured', async () => {
    const student = await signIn()
    const wish = { courseId: course.id }
    const unknown = await student.post('/api/payments/create', { ...wish, gateway: 'paypal' })
    expect(unknown).toMatchObject({ status: 400, body: { errors: [{ path: '/gateway' }] } })
    const priced = await student.post('/api/payments/create', {
      ...wish,
      amount: { amount: 1, currency: 'INR' },
    })
    expect(priced).toMatchObject({ status: 400, body: { errors: [{ path: '/amount' }] } })
    const stripe = await student.post('/api/payments/create', { ...wish, gateway: 'stripe' })
    expect(stripe).toMatchObject({ status: 503, body: { code: 'gateway_not_configured' } })
    expect(await statusOf(student)).toBe(null)
  })

  it('404: no such course, a draft; 401: nobody', async () => {
    const student = await signIn()
    const draft = await makeCourse(world.deps, { price, published: false })
    for (const id of [newId(), draft.id]) expect((await create(student, id)).status).toBe(404)
    expect((await create(world.client)).status).toBe(401)
  })

  it('200: who paid and had given the course up gets it back, and pays nothing', async () => {
    const student = await signIn()
    const { payment } = (await create(student)).body
    await pay(student, payment.id)
    await student.post(`/api/enrollments/${payment.enrollmentId}/cancel`)
    expect(await statusOf(student)).toBe('cancelled')
    const again = await create(student)
    expect(again).toMatchObject({ status: 200, body: { payment: { id: payment.id, status: 'captured' } } })
    expect(again.body).not.toHaveProperty('checkout')
    expect(await statusOf(student)).toBe('active')
  })
})

describe('GET /payments/:id', () => {
  it('200 for its student and an admin, 404 for others, 401 for nobody', async () => {
    const student = await signIn()
    const { id } = (await create(student)).body.payment
    for (const client of [student, await signIn('admin')])
      expect(await client.get(`/api/payments/${id}`)).toMatchObject({ status: 200, body: { id } })
    for (const client of [await signIn(), await signIn('instructor'), await signIn('parent')])
      expect((await client.get(`/api/payments/${id}`)).status).toBe(404)
    expect((await world.client.get(`/api/payments/${id}`)).status).toBe(401)
  })
})

describe('GET /users/me/export', () => {
  it('200: with the person’s payments and refunds', async () => {
    const student = await signIn()
    const { payment } = (await create(student)).body
    const { body } = await student.get('/api/users/me/export')
    expect(body.payments).toEqual({ payments: [payment], refunds: [] })
  })
})

describe('GET /payments/gateways', () => {
  it('200: those that are configured', async () => {
    const { status, body } = await world.client.get('/api/payments/gateways')
    expect(status).toBe(200)
    expect(body).toEqual({ gateways: [{ name: 'simulator', publicKey: null }] })
  })
})

describe('the simulator', () => {
  it('202 declined: the payment fails and may still be paid', async () => {
    const student = await signIn()
    const { id } = (await create(student)).body.payment
    await decide(id, 'declined')
    await world.drain()
    expect((await student.get(`/api/payments/${id}`)).body).toMatchObject({
      status: 'failed',
      failureReason: 'declined',
    })
    expect(await statusOf(student)).toBe('pending')
    expect(await pay(student, id)).toMatchObject({ status: 'captured' })
    expect(await statusOf(student)).toBe('active')
  })

  it('202: a late "declined" undoes nothing that was paid', async () => {
    const student = await signIn()
    const { id } = (await create(student)).body.payment
    await decide(id, 'declined', { delaySeconds: 60 })
    await pay(student, id)
    world.clock.advance({ minutes: 2 })
    await world.drain()
    expect((await student.get(`/api/payments/${id}`)).body.status).toBe('captured')
  })

  it('202: a webhook that comes five times is acted on once', async () => {
    const student = await signIn()
    const { id } = (await create(student)).body.payment
    await decide(id, 'paid', { duplicates: 4 })
    await world.drain()
    const { rows } = await world.database.pool.query(
      `select (select count(*)::int from webhook_inbox where event->>'paymentId' = $1) as inbox,
        (select count(*)::int from ledger_movements where payment_id = $1::uuid) as movements,
        (select count(*)::int from events where type = 'payment.captured' and payload->>'paymentId' = $1) as facts`,
      [id],
    )
    expect(rows).toEqual([{ inbox: 1, movements: 1, facts: 1 }])
  })

  it('shows a page with two buttons, no script, that pays by a plain form', async () => {
    const student = await signIn()
    const { id } = (await create(student)).body.payment
    const page = await world.client.get(`/pay/${id}`)
    expect(page.status).toBe(200)
    expect(page.body).toContain('Paid course')
    expect(page.body).toContain('₹499.00')
    expect(page.body).not.toContain('<script')
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'.*form-action 'self'/)
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const sent = await world.client.post(`/pay/${id}`, 'outcome=paid', { headers })
    expect(sent.status).toBe(303)
    await world.drain()
    expect(await statusOf(student)).toBe('active')
    expect((await world.client.get(`/pay/${id}`)).body).not.toContain('<form')
  })

  it('404: an unknown payment; 400: another outcome', async () => {
    expect((await decide(newId(), 'paid')).status).toBe(404)
    expect((await world.client.get(`/pay/${newId()}`)).status).toBe(404)
    expect((await decide(newId(), 'stolen' as 'paid')).status).toBe(400)
  })
})
