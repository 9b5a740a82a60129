import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import { newId } from '../../platform/ids.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { makeCourse } from '../catalogue/factory.ts'

let world: World
let owner: Person
let rival: Person
let admin: Person
let courseId: string
const price = { amount: 49_999, currency: 'INR' }
beforeAll(async () => {
  world = await createWorld()
  owner = await makePerson(world.deps, { role: 'instructor' })
  rival = await makePerson(world.deps, { role: 'instructor' })
  admin = await makePerson(world.deps, { role: 'admin' })
  courseId = (await makeCourse(world.deps, { owner, price })).id
})
afterAll(() => world.close())

let made = 0
const newCode = () => `CODE-${made++}`
const as = (person: Person) => world.client.as(person.accessToken)
const make = (by: Person, body: object) => as(by).post('/api/coupons', body)
async function makeCoupon(body: object = {}): Promise<{ id: string; code: string }> {
  const code = newCode()
  const answer = await make(admin, { code, percentOff: 10, ...body })
  expect(answer.status).toBe(201)
  return answer.body
}
const change = (by: Person, id: string, body: object) => as(by).patch(`/api/coupons/${id}`, body)
async function pay(coupon: string, options: { by?: Person; course?: string } = {}) {
  const by = options.by ?? (await makePerson(world.deps))
  return as(by).post('/api/payments/create', { courseId: options.course ?? courseId, coupon })
}
async function redeemed(id: string): Promise<{ counted: number; noted: number }> {
  const { rows } = await world.database.pool.query(
    `select redeemed as counted, (select count(*)::int from coupon_redemptions where coupon_id = coupons.id) as noted
     from coupons where id = $1`,
    [id],
  )
  return rows[0]
}
const outcomeOf = ({ status, body }: { status: number; body: { code?: string } }) =>
  status < 400 ? status : body.code

describe('POST /coupons', () => {
  it('201: by the owner for the own course, the code in capitals', async () => {
    const code = newCode()
    const said = {
      percentOff: 25,
      courseId,
      maxRedemptions: 10,
      perUser: 1,
      startsAt: '2026-01-01T00:00:00.000Z',
      endsAt: '2099-01-01T00:00:00.000Z',
    }
    const answer = await make(owner, { code: ` ${code.toLowerCase()} `, ...said })
    expect(answer.status).toBe(201)
    expect(answer.body).toEqual({
      id: expect.any(String),
      code,
      ...said,
      redeemed: 0,
      createdAt: world.clock.now().toISOString(),
    })
  })
  it('201: by an admin for every course, of a fixed amount', async () => {
    const amountOff = { amount: 5_000, currency: 'INR' }
    const answer = await make(admin, { code: newCode(), amountOff })
    expect(answer).toMatchObject({ status: 201, body: { amountOff } })
    expect(answer.body).not.toHaveProperty('courseId')
  })
  it('409 coupon_taken: whatever the case of the letters; once of many at the same moment', async () => {
    const { code } = await makeCoupon()
    const again = await make(admin, { code: code.toLowerCase(), percentOff: 5 })
    expect(again).toMatchObject({ status: 409, body: { code: 'coupon_taken' } })
    const fresh = newCode()
    const answers = await Promise.all([1, 2, 3, 4].map(() => make(admin, { code: fresh, percentOff: 5 })))
    expect(answers.map(outcomeOf).toSorted()).toEqual([201, ...Array(3).fill('coupon_taken')])
  })
  const both = { percentOff: 10, amountOff: { amount: 1, currency: 'INR' } }
  it.each([
    [{}, '/percentOff'],
    [both, '/amountOff'],
    [{ percentOff: 0 }, '/percentOff'],
    [{ percentOff: 101 }, '/percentOff'],
    [{ percentOff: 1.5 }, '/percentOff'],
    [{ amountOff: { amount: 0, currency: 'INR' } }, '/amountOff/amount'],
    [{ amountOff: { amount: 1, currency: 'XDR' } }, '/amountOff/currency'],
    [{ percentOff: 10, code: 'ab' }, '/code'],
    [{ percentOff: 10, code: 'a b c' }, '/code'],
    [{ percentOff: 10, code: 'x'.repeat(41) }, '/code'],
    [{ percentOff: 10, maxRedemptions: 0 }, '/maxRedemptions'],
    [{ percentOff: 10, maxRedemptions: 3_000_000_000 }, '/maxRedemptions'],
    [{ percentOff: 10, perUser: 0 }, '/perUser'],
    [{ percentOff: 10, startsAt: 'soon' }, '/startsAt'],
    [{ percentOff: 10, startsAt: '2026-12-31T23:59:60Z' }, '/startsAt'],
    [{ percentOff: 10, startsAt: '2026-02-01T00:00:00Z', endsAt: '2026-02-01T00:00:00Z' }, '/endsAt'],
    [{ percentOff: 10, redeemed: 0 }, '/redeemed'],
  ])('400: %j is named as %s', async (said, path) => {
    const answer = await make(admin, { code: newCode(), ...said })
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path }] } })
  })
  it('401, 403, 404: who may not', async () => {
    const student = await makePerson(world.deps)
    const draft = await makeCourse(world.deps, { owner, published: false })
    const said = { code: newCode(), percentOff: 10 }
    expect((await world.client.post('/api/coupons', said)).status).toBe(401)
    expect((await make(student, { ...said, courseId })).status).toBe(403)
    expect((await make(owner, said)).status).toBe(403)
    expect((await make(rival, { ...said, courseId })).status).toBe(403)
    expect((await make(rival, { ...said, courseId: draft.id })).status).toBe(404)
    expect((await make(admin, { ...said, courseId: newId() })).status).toBe(404)
    expect((await make(owner, { ...said, courseId: draft.id })).status).toBe(201)
  })
})

describe('GET /coupons', () => {
  it('200: all for admins, those of their courses for instructors; by course, code and page', async () => {
    const everywhere = await makeCoupon()
    const mine = (await make(owner, { code: newCode(), percentOff: 5, courseId })).body
    const other = await makeCourse(world.deps, { owner: rival })
    const theirs = (await make(rival, { code: newCode(), percentOff: 5, courseId: other.id })).body
    const ids = async (by: Person, query = '') =>
      (await as(by).get(`/api/coupons${query}`)).body.items.map((item: { id: string }) => item.id)
    expect((await ids(admin)).slice(0, 3)).toEqual([theirs.id, mine.id, everywhere.id])
    expect(await ids(rival)).toEqual([theirs.id])
    expect(await ids(owner)).toContain(mine.id)
    expect(await ids(owner)).not.toContain(theirs.id)
    expect(await ids(owner, `?courseId=${other.id}`)).toEqual([])
    expect(await ids(admin, `?courseId=${other.id}`)).toEqual([theirs.id])
    expect(await ids(admin, `?code=${everywhere.code.toLowerCase()}`)).toEqual([everywhere.id])
    const first = await as(admin).get('/api/coupons?limit=1')
    expect(await ids(admin, `?limit=1&cursor=${first.body.nextCursor}`)).toEqual([mine.id])
  })
  it('401, 403 and 400', async () => {
    expect((await world.client.get('/api/coupons')).status).toBe(401)
    expect((await as(await makePerson(world.deps)).get('/api/coupons')).status).toBe(403)
    expect((await as(admin).get('/api/coupons?code2=x')).status).toBe(400)
  })
})

describe('PATCH /coupons/:id', () => {
  it('200: what is said changes, null takes a limit away, the rest stays', async () => {
    const coupon = await makeCoupon({ courseId, maxRedemptions: 5, endsAt: '2099-01-01T00:00:00.000Z' })
    const amountOff = { amount: 100, currency: 'INR' }
    const answer = await change(owner, coupon.id, { amountOff, maxRedemptions: null })
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({ code: coupon.code, amountOff, endsAt: '2099-01-01T00:00:00.000Z' })
    expect(answer.body).not.toHaveProperty('percentOff')
    expect(answer.body).not.toHaveProperty('maxRedemptions')
  })
  it('400: an end before the kept start, a limit below what is used, nothing, what cannot change', async () => {
    const coupon = await makeCoupon({ startsAt: '2026-01-01T00:00:00Z' })
    await pay(coupon.code)
    await pay(coupon.code)
    for (const [body, path] of [
      [{ endsAt: '2025-01-01T00:00:00Z' }, '/endsAt'],
      [{ maxRedemptions: 1 }, '/maxRedemptions'],
      [{}, ''],
      [{ code: 'OTHER' }, '/code'],
      [{ courseId }, '/courseId'],
      [{ percentOff: 1, amountOff: { amount: 1, currency: 'INR' } }, '/amountOff'],
    ] as const)
      expect(await change(admin, coupon.id, body)).toMatchObject({
        status: 400,
        body: { errors: [{ path }] },
      })
    expect((await change(admin, coupon.id, { maxRedemptions: 2 })).status).toBe(200)
  })
  it('401, 403, 404: a coupon of others is nothing to an instructor', async () => {
    const everywhere = await makeCoupon()
    const { id } = await makeCoupon({ courseId })
    const student = await makePerson(world.deps)
    expect((await world.client.patch(`/api/coupons/${id}`, { percentOff: 5 })).status).toBe(401)
    expect((await change(student, id, { percentOff: 5 })).status).toBe(403)
    expect((await change(rival, id, { percentOff: 5 })).status).toBe(404)
    expect((await change(owner, everywhere.id, { percentOff: 5 })).status).toBe(404)
    expect((await change(admin, newId(), { percentOff: 5 })).status).toBe(404)
  })
})

describe('a coupon at POST /payments/create', () => {
  it('201: takes its share off, rounded down', async () => {
    const { id, code } = await makeCoupon({ percentOff: 10 })
    const { status, body } = await pay(code.toLowerCase())
    expect(status).toBe(201)
    expect(body.payment).toMatchObject({
      amount: { amount: 45_000, currency: 'INR' },
      discount: { amount: 4_999, currency: 'INR' },
    })
    expect(await redeemed(id)).toEqual({ counted: 1, noted: 1 })
  })
  it('201: exactly ten of fifty at once on a limit of ten, else 409 coupon_exhausted', async () => {
    const { id, code } = await makeCoupon({ maxRedemptions: 10 })
    const people = await Promise.all(Array.from({ length: 50 }, () => makePerson(world.deps)))
    const answers = await Promise.all(people.map((by) => pay(code, { by })))
    const outcomes = answers.map(outcomeOf)
    expect(outcomes.filter((outcome) => outcome === 201)).toHaveLength(10)
    expect(outcomes.filter((outcome) => outcome === 'coupon_exhausted')).toHaveLength(40)
    expect(await redeemed(id)).toEqual({ counted: 10, noted: 10 })
  })
  it('201 again: a superseded payment gives its redemption back', async () => {
    const { id, code } = await makeCoupon({ maxRedemptions: 1, perUser: 1 })
    const by = await makePerson(world.deps)
    for (let n = 0; n < 3; n++) expect((await pay(code, { by })).status).toBe(201)
    expect(await redeemed(id)).toEqual({ counted: 1, noted: 1 })
    expect(outcomeOf(await pay(code))).toBe('coupon_exhausted')
    await as(by).post('/api/payments/create', { courseId })
    expect(await redeemed(id)).toEqual({ counted: 0, noted: 0 })
    expect((await pay(code)).status).toBe(201)
  })
  it('given back: a declined payment', async () => {
    const { id, code } = await makeCoupon()
    const { body } = await pay(code)
    await world.client.post(`/api/payments/simulator/${body.payment.id}`, { outcome: 'declined' })
    await world.drain()
    expect(await redeemed(id)).toEqual({ counted: 0, noted: 0 })
  })
  it('kept: a paid one; the same person may not again where it is once per person', async () => {
    const { id, code } = await makeCoupon({ perUser: 1 })
    const by = await makePerson(world.deps)
    const { body } = await pay(code, { by })
    await world.client.post(`/api/payments/simulator/${body.payment.id}`, { outcome: 'paid' })
    await world.drain()
    const other = (await makeCourse(world.deps, { owner, price })).id
    expect(outcomeOf(await pay(code, { by, course: other }))).toBe('coupon_exhausted')
    expect(await redeemed(id)).toEqual({ counted: 1, noted: 1 })
  })
  it('201 for one of two courses at once, where it is once per person', async () => {
    const { id, code } = await makeCoupon({ perUser: 1 })
    const by = await makePerson(world.deps)
    const courses = await Promise.all([1, 2, 3].map(() => makeCourse(world.deps, { owner, price })))
    const answers = await Promise.all(courses.map((course) => pay(code, { by, course: course.id })))
    expect(answers.map(outcomeOf).toSorted()).toEqual([201, 'coupon_exhausted', 'coupon_exhausted'])
    expect(await redeemed(id)).toEqual({ counted: 1, noted: 1 })
  })
  it('400 /coupon: unknown, early, late, for another course, in another currency', async () => {
    const other = await makeCourse(world.deps, { owner, price })
    const day = 86_400_000
    const later = new Date(world.clock.now().getTime() + day).toISOString()
    const earlier = new Date(world.clock.now().getTime() - day).toISOString()
    const coupons = await Promise.all([
      makeCoupon({ startsAt: later }),
      makeCoupon({ endsAt: earlier }),
      makeCoupon({ courseId: other.id }),
      make(admin, { code: newCode(), amountOff: { amount: 1, currency: 'USD' } }).then(({ body }) => body),
    ])
    for (const code of ['NO-SUCH', ' ', '\u2028', ...coupons.map((coupon) => coupon.code)])
      expect(await pay(code)).toMatchObject({ status: 400, body: { errors: [{ path: '/coupon' }] } })
    for (const { id } of coupons) expect(await redeemed(id)).toEqual({ counted: 0, noted: 0 })
  })
  it('201 and active at once: nothing is left to pay', async () => {
    const { id, code } = await makeCoupon({ percentOff: 100 })
    const by = await makePerson(world.deps)
    const { status, body } = await pay(code, { by })
    expect(status).toBe(201)
    expect(body.payment).toMatchObject({ amount: { amount: 0 }, status: 'captured' })
    const standing = await as(by).get(`/api/courses/${courseId}/enrollment-status`)
    expect(standing.body).toMatchObject({ enrolled: true, purchased: true })
    expect(await redeemed(id)).toEqual({ counted: 1, noted: 1 })
  })
})
