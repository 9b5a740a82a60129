import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { makeCourse } from '../catalogue/factory.ts'
import { simulatorWebhook } from './factory.ts'

let world: World
let admin: Person
let courses: string[]
const price = { amount: 50_000, currency: 'INR' }
const reduced = { amount: 5_000, currency: 'INR' }
beforeAll(async () => {
  world = await createWorld()
  admin = await makePerson(world.deps, { role: 'admin' })
  courses = []
  for (let made = 0; made < 4; made++) courses.push((await makeCourse(world.deps, { price })).id)
})
afterAll(() => world.close())

const as = (person: Person) => world.client.as(person.accessToken)
let made = 0
async function makeCoupon(limits: object = {}): Promise<{ id: string; code: string }> {
  const code = `LIMIT-${made++}`
  return (await as(admin).post('/api/coupons', { code, percentOff: 90, ...limits })).body
}
async function begin(by: Person, courseId: string | undefined, coupon?: string): Promise<string> {
  const answer = await as(by).post('/api/payments/create', { courseId, ...(coupon ? { coupon } : {}) })
  expect(answer.status).toBe(201)
  return answer.body.payment.id
}
/** A webhook about a payment whose price was reduced, and what it sets going. */
async function hear(paymentId: string, type: string): Promise<void> {
  const { body, headers } = simulatorWebhook(world.deps, { paymentId, type, amount: reduced })
  const answer = await fetch(`${world.url}/api/payments/webhook`, { method: 'POST', body, headers })
  expect(answer.status).toBe(200)
  await world.drain()
}
const standingOf = async (by: Person, courseId: string | undefined) =>
  (await as(by).get(`/api/courses/${courseId}/enrollment-status`)).body
async function booksOf(paymentId: string) {
  const { rows } = await world.database.pool.query(
    `select p.status, p.pays, p.refunded_amount as refunded, c.verdict, r.reason from payments p
     left join payment_captures c on c.payment_id = p.id left join refunds r on r.payment_id = p.id where p.id = $1`,
    [paymentId],
  )
  return rows
}
async function redemptionsOf(couponId: string): Promise<{ counted: number; noted: number }> {
  const { rows } = await world.database.pool.query(
    `select redeemed as counted, (select count(*)::int from coupon_redemptions where coupon_id = coupons.id) as noted
     from coupons where id = $1`,
    [couponId],
  )
  return rows[0]
}
const pays = { status: 'captured', pays: true, refunded: 0, verdict: 'pays', reason: null }
const wentBack = {
  status: 'refunded',
  pays: false,
  refunded: reduced.amount,
  verdict: 'coupon_exhausted',
  reason: 'coupon_exhausted',
}

describe('the limit of a coupon', () => {
  it('holds for who begins four times, is declined, and pays each after all: one pays, the money of three goes back', async () => {
    const { id, code } = await makeCoupon({ maxRedemptions: 1, perUser: 1 })
    const by = await makePerson(world.deps)
    const payments: string[] = []
    for (const courseId of courses) {
      const paymentId = await begin(by, courseId, code)
      await hear(paymentId, 'payment.failed')
      payments.push(paymentId)
    }
    for (const paymentId of payments) await hear(paymentId, 'payment.captured')
    const [first, ...others] = payments
    expect(await booksOf(first ?? '')).toEqual([pays])
    for (const paymentId of others) expect(await booksOf(paymentId)).toEqual([wentBack])
    expect(await standingOf(by, courses[0])).toMatchObject({ enrolled: true })
    for (const courseId of courses.slice(1))
      expect(await standingOf(by, courseId)).toMatchObject({ enrolled: false, purchased: false })
    expect(await redemptionsOf(id)).toEqual({ counted: 1, noted: 1 })
  })
  it('holds per person, whatever is left in all', async () => {
    const { id, code } = await makeCoupon({ perUser: 1 })
    const by = await makePerson(world.deps)
    const late = await begin(by, courses[0], code)
    await hear(late, 'payment.failed')
    await hear(await begin(by, courses[1], code), 'payment.captured')
    await hear(late, 'payment.captured')
    expect(await booksOf(late)).toEqual([wentBack])
    expect(await redemptionsOf(id)).toEqual({ counted: 1, noted: 1 })
  })
  it('does not stand against money that comes after all where there is room, told twice or not', async () => {
    const { id, code } = await makeCoupon({ maxRedemptions: 1, perUser: 1 })
    const by = await makePerson(world.deps)
    const late = await begin(by, courses[0], code)
    await hear(late, 'payment.failed')
    await hear(late, 'payment.captured')
    await hear(late, 'payment.captured')
    expect(await booksOf(late)).toEqual([pays])
    expect(await redemptionsOf(id)).toEqual({ counted: 1, noted: 1 })
  })
})

describe('two coupons at once', () => {
  it('201 each: fifty clients swap them four times, and each is counted as often as it is in use', async () => {
    const coupons = [await makeCoupon(), await makeCoupon()]
    const people = await Promise.all(Array.from({ length: 50 }, () => makePerson(world.deps)))
    const statuses = await Promise.all(
      people.map(async (by, index) => {
        const own: number[] = []
        for (let turn = index; turn < index + 4; turn++) {
          const coupon = coupons[turn % 2]?.code
          own.push((await as(by).post('/api/payments/create', { courseId: courses[0], coupon })).status)
        }
        return own
      }),
    )
    expect(new Set(statuses.flat())).toEqual(new Set([201]))
    for (const { id } of coupons) expect(await redemptionsOf(id)).toEqual({ counted: 25, noted: 25 })
  })
})
