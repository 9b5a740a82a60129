import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FakeStripe, openFakeStripe } from '../../../test/support/fake-stripe.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { addJob } from '../../platform/jobs/jobs.ts'
import type { Money } from '../../platform/money.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { makeCourse } from '../catalogue/factory.ts'
import { reconcile } from './jobs.ts'

let stripe: FakeStripe
let world: World
beforeAll(async () => {
  stripe = await openFakeStripe()
  const { secretKey, webhookSecret, url } = stripe
  world = await createWorld({ config: { stripe: { secretKey, webhookSecret, apiBase: url } } })
})
afterAll(async () => {
  await world.close()
  await stripe.close()
})

const tooLittle = { amount: 49, currency: 'USD' }
async function begin(by: Person, wish: object, key = 'a purchase') {
  const headers = { 'idempotency-key': key }
  return world.client.as(by.accessToken).post('/api/payments/create', wish, { headers })
}
const courseAt = async (price: Money) => (await makeCourse(world.deps, { price })).id
async function booksOf(by: Person) {
  const { rows } = await world.database.pool.query(
    `select p.gateway, p.status, p.failure_reason as reason, p.due_at as due, e.status as enrollment
     from payments p join enrollments e on e.id = p.enrollment_id where p.user_id = $1 order by p.id`,
    [by.id],
  )
  return rows
}
const failed = {
  gateway: 'stripe',
  status: 'failed',
  reason: 'amount_not_payable',
  due: null,
  enrollment: 'pending',
}

describe('a checkout that the gateway will never open', () => {
  it('409 amount_not_payable, also repeated: the payment has failed at once, and nobody is asked about it', async () => {
    const by = await makePerson(world.deps)
    const wish = { courseId: await courseAt(tooLittle), gateway: 'stripe' }
    for (const _time of ['first', 'again'])
      expect(await begin(by, wish)).toMatchObject({ status: 409, body: { code: 'amount_not_payable' } })
    expect(await booksOf(by)).toEqual([failed])
    const asked = stripe.requests.length
    world.clock.advance({ minutes: 5 })
    await world.deps.transact((tx) => addJob(tx, reconcile, {}))
    await world.drain()
    expect(stripe.requests).toHaveLength(asked)
  })

  it('leaves the enrollment to another payment, which opens the course', async () => {
    const by = await makePerson(world.deps)
    const courseId = await courseAt(tooLittle)
    await begin(by, { courseId, gateway: 'stripe' })
    const { status, body } = await begin(by, { courseId, gateway: 'simulator' }, 'another')
    expect(status).toBe(201)
    await world.client.post(`/api/payments/simulator/${body.payment.id}`, { outcome: 'paid' })
    await world.drain()
    expect(await booksOf(by)).toMatchObject([
      { ...failed, enrollment: 'active' },
      { gateway: 'simulator', status: 'captured', enrollment: 'active' },
    ])
  })

  it('gives the coupon back', async () => {
    const [by, admin] = [await makePerson(world.deps), await makePerson(world.deps, { role: 'admin' })]
    const coupon = { code: 'NEARLY', percentOff: 90, maxRedemptions: 1 }
    await world.client.as(admin.accessToken).post('/api/coupons', coupon)
    const courseId = await courseAt({ amount: 100, currency: 'USD' })
    const wish = { courseId, gateway: 'stripe', coupon: 'NEARLY' }
    expect((await begin(by, wish)).status).toBe(409)
    expect((await begin(by, { ...wish, gateway: 'simulator' }, 'another')).status).toBe(201)
  })

  it('502 gateway_refused, also repeated, where the amount is not at fault', async () => {
    const by = await makePerson(world.deps)
    const courseId = await courseAt({ amount: 49_900, currency: 'INR' })
    await world.database.pool.query(`update users set email = 'no address' where id = $1`, [by.id])
    for (const _time of ['first', 'again'])
      expect(await begin(by, { courseId, gateway: 'stripe' })).toMatchObject({
        status: 502,
        body: { code: 'gateway_refused' },
      })
    expect(await booksOf(by)).toEqual([{ ...failed, reason: 'gateway_refused' }])
  })

  it('fails by the job that looks for it, where the process died before it heard the answer', async () => {
    const by = await makePerson(world.deps)
    const wish = { courseId: await courseAt(tooLittle), gateway: 'stripe' }
    stripe.misbehave('error', 2)
    expect(await begin(by, wish)).toMatchObject({ status: 502, body: { code: 'gateway_failed' } })
    expect(await booksOf(by)).toMatchObject([{ status: 'pending' }])
    world.clock.advance({ minutes: 5 })
    await world.deps.transact((tx) => addJob(tx, reconcile, {}))
    await world.drain()
    expect(await booksOf(by)).toEqual([failed])
  })
})
