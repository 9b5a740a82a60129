import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import { newId } from '../../platform/ids.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { makeCourse } from '../catalogue/factory.ts'

let world: World
let admin: Person
let owner: Person
let courseId: string
const price = { amount: 49_900, currency: 'INR' }
beforeAll(async () => {
  world = await createWorld({ config: { schoolName: 'Northlight' } })
  admin = await makePerson(world.deps, { role: 'admin' })
  owner = await makePerson(world.deps, { role: 'instructor' })
  courseId = (await makeCourse(world.deps, { owner, price, title: 'Bread at home' })).id
})
afterAll(() => world.close())

const as = (person: Person) => world.client.as(person.accessToken)
/** Begins a payment and, if said, ends it at the gateway. */
async function pay(by: Person, outcome?: 'paid' | 'declined', course = courseId): Promise<string> {
  const { status, body } = await as(by).post('/api/payments/create', { courseId: course })
  expect(status).toBe(201)
  if (outcome) await world.client.post(`/api/payments/simulator/${body.payment.id}`, { outcome })
  await world.drain()
  return body.payment.id
}
const idsIn = async (by: Person, path: string): Promise<string[]> =>
  (await as(by).get(path)).body.items.map((item: { id: string }) => item.id)

describe('GET /payments/my', () => {
  it('200: own ones, newest first, by page, with the course, in two statements', async () => {
    const student = await makePerson(world.deps)
    const declined = await pay(student, 'declined')
    const paid = await pay(student, 'paid')
    const other = await makeCourse(world.deps, { owner, price })
    const pending = await pay(student, undefined, other.id)
    await pay(await makePerson(world.deps))
    world.statements.length = 0
    const { body } = await as(student).get('/api/payments/my')
    expect(world.statements).toHaveLength(2)
    expect(body.items).toMatchObject([
      { id: pending, status: 'pending' },
      {
        id: paid,
        status: 'captured',
        amount: price,
        course: { id: courseId, slug: 'bread-at-home', title: 'Bread at home' },
      },
      { id: declined, status: 'failed' },
    ])
    const first = await as(student).get('/api/payments/my?limit=2')
    expect(await idsIn(student, `/api/payments/my?limit=2&cursor=${first.body.nextCursor}`)).toEqual([
      declined,
    ])
  })
  it('401 without a token, 400 for another cursor', async () => {
    expect((await world.client.get('/api/payments/my')).status).toBe(401)
    expect((await as(admin).get('/api/payments/my?cursor=x')).status).toBe(400)
  })
})

describe('GET /payments', () => {
  it('200: everybody’s, by state, gateway and time, with the person', async () => {
    const student = await makePerson(world.deps, { name: 'Ben' })
    world.clock.advance({ minutes: 1 })
    const since = world.clock.now().toISOString()
    const paid = await pay(student, 'paid')
    world.clock.advance({ minutes: 1 })
    const later = world.clock.now().toISOString()
    const other = await makePerson(world.deps)
    const declined = await pay(other, 'declined')
    const list = (query: string) => idsIn(admin, `/api/payments?${query}`)
    world.statements.length = 0
    const { body } = await as(admin).get(`/api/payments?from=${since}`)
    expect(world.statements).toHaveLength(3)
    expect(body.items).toMatchObject([
      { id: declined },
      { id: paid, person: { id: student.id, name: 'Ben', email: student.email }, course: { id: courseId } },
    ])
    expect(await list(`from=${since}&to=${later}`)).toEqual([paid])
    expect(await list(`from=${later}`)).toEqual([declined])
    expect(await list(`from=${since}&status=captured`)).toEqual([paid])
    expect(await list(`from=${since}&gateway=simulator`)).toEqual([declined, paid])
    expect(await list(`from=${since}&gateway=stripe`)).toEqual([])
    expect(await list(`to=${since}`)).not.toContain(paid)
  })
  it('200: page by page, also through payments of the same moment', async () => {
    const student = await makePerson(world.deps)
    const since = world.clock.now().toISOString()
    const courses = await Promise.all([1, 2, 3].map(() => makeCourse(world.deps, { owner, price })))
    const made: string[] = []
    for (const { id } of courses) made.push(await pay(student, undefined, id))
    const seen: string[] = []
    for (let cursor = ''; ; ) {
      const { body } = await as(admin).get(`/api/payments?from=${since}&limit=1${cursor}`)
      seen.push(...body.items.map((item: { id: string }) => item.id))
      if (body.nextCursor === null) break
      cursor = `&cursor=${body.nextCursor}`
    }
    expect(seen.filter((id) => made.includes(id))).toEqual(made.toReversed())
    expect(new Set(seen).size).toBe(seen.length)
  })
  it.each([
    'status=lost',
    'gateway=cash',
    'from=soon',
    'from=2026-12-31T23:59:60Z',
    'cursor=eyJhdCI6MX0',
    'who=me',
    ...['0000-01-01T00:00:00.000Z', '2026-02-30T00:00:00.000Z', '2026-02-28T24:00:00.000Z'].map(
      (at) => `cursor=${Buffer.from(JSON.stringify({ at, id: newId() })).toString('base64url')}`,
    ),
  ])('400: %s', async (query) => {
    expect((await as(admin).get(`/api/payments?${query}`)).status).toBe(400)
  })
  it('401 and 403: for admins alone', async () => {
    expect((await world.client.get('/api/payments')).status).toBe(401)
    for (const person of [owner, await makePerson(world.deps)])
      expect((await as(person).get('/api/payments')).status).toBe(403)
  })
})

describe('GET /payments/:id/receipt', () => {
  const receipt = (by: Person, id: string) => as(by).get(`/api/payments/${id}/receipt`)
  it('200: a PDF for who paid and for admins', async () => {
    const student = await makePerson(world.deps)
    const id = await pay(student, 'paid')
    for (const person of [student, admin]) {
      const answer = await receipt(person, id)
      expect(answer.status).toBe(200)
      expect(answer.headers.get('content-type')).toBe('application/pdf')
      expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="receipt-${id}.pdf"`)
      expect(answer.body).toMatch(/^%PDF-/)
    }
  })
  it('200: still after a refund', async () => {
    const student = await makePerson(world.deps)
    const id = await pay(student, 'paid')
    await as(admin).post(`/api/payments/${id}/refund`, {})
    await world.drain()
    expect((await as(admin).get(`/api/payments/${id}`)).body.status).toBe('refunded')
    expect((await receipt(student, id)).status).toBe(200)
  })
  it('409 not_captured: where nothing was paid', async () => {
    const student = await makePerson(world.deps)
    for (const outcome of ['declined', undefined] as const) {
      const id = await pay(student, outcome)
      expect(await receipt(student, id)).toMatchObject({ status: 409, body: { code: 'not_captured' } })
    }
  })
  it('401 and 404: nobody else knows of it', async () => {
    const id = await pay(await makePerson(world.deps), 'paid')
    expect((await world.client.get(`/api/payments/${id}/receipt`)).status).toBe(401)
    for (const person of [owner, await makePerson(world.deps)])
      expect((await receipt(person, id)).status).toBe(404)
    expect((await receipt(admin, newId())).status).toBe(404)
    expect((await receipt(admin, 'x')).status).toBe(400)
  })
})
