import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Client } from '../support/http.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const price = { amount: 49_900, currency: 'INR' }
const emailOf = (name: string) => `${name.toLowerCase()}@example.org`

async function register(name: string, role: 'student' | 'instructor' = 'student'): Promise<Client> {
  const { status, body } = await world.client.post('/api/auth/register', {
    email: emailOf(name),
    password: 'a long password',
    name,
    role,
  })
  expect(status).toBe(201)
  return world.client.as(body.accessToken)
}

async function signInAsAdmin(): Promise<Client> {
  await world.database.pool.query(`update users set role = 'admin' where email = $1`, [emailOf('Ada')])
  const credentials = { email: emailOf('Ada'), password: 'a long password' }
  const { body } = await world.client.post('/api/auth/login', credentials)
  return world.client.as(body.accessToken)
}

async function publishCourse(mira: Client): Promise<{ courseId: string; lessonId: string }> {
  const course = await mira.post('/api/courses', { title: 'Bread at home', price })
  const courseId: string = course.body.id
  const section = await mira.post('/api/sections', { courseId, title: 'Dough' })
  const lesson = { sectionId: section.body.id, title: 'Kneading', type: 'text', body: 'Knead.' }
  const { body } = await mira.post('/api/lessons', lesson)
  expect((await mira.post(`/api/courses/${courseId}/publish`)).status).toBe(200)
  return { courseId, lessonId: body.id }
}

it('a school lets people in by payment, by coupon, by grant and by list, and no way in undoes another', async () => {
  await register('Ada')
  const mira = await register('Mira', 'instructor')
  const [asha, ben, cleo, dev] = [
    await register('Asha'),
    await register('Ben'),
    await register('Cleo'),
    await register('Dev'),
  ]
  const ada = await signInAsAdmin()
  const { courseId, lessonId } = await publishCourse(mira)
  const rosterPath = `/api/courses/${courseId}/enrollments`
  const lessonOf = async (client: Client) =>
    (await client.get(`/api/courses/${courseId}/lessons/${lessonId}`)).status
  const pay = async (client: Client, body: object, outcome?: 'paid') => {
    const created = await client.post('/api/payments/create', { courseId, ...body })
    expect(created.status).toBe(201)
    const { id } = created.body.payment
    if (outcome) await world.client.post(`/api/payments/simulator/${id}`, { outcome })
    await world.drain()
    return created.body.payment
  }

  // Mira offers one seat at a quarter less. Asha takes it, and Ben, who comes later, does not get it.
  const offer = { code: 'early-bird', percentOff: 25, courseId, maxRedemptions: 1 }
  expect((await mira.post('/api/coupons', offer)).status).toBe(201)
  const payment = await pay(asha, { coupon: 'EARLY-BIRD' }, 'paid')
  expect(payment.amount).toEqual({ amount: 37_425, currency: 'INR' })
  expect(await lessonOf(asha)).toBe(200)
  const late = await ben.post('/api/payments/create', { courseId, coupon: 'early-bird' })
  expect(late).toMatchObject({ status: 409, body: { code: 'coupon_exhausted' } })

  // She finds it in her history, with a receipt, which is nobody else's business.
  const mine = await asha.get('/api/payments/my')
  expect(mine.body.items).toMatchObject([
    { id: payment.id, status: 'captured', course: { title: 'Bread at home' } },
  ])
  const receipt = `/api/payments/${payment.id}/receipt`
  expect((await asha.get(receipt)).body).toMatch(/^%PDF-/)
  expect((await mira.get(receipt)).status).toBe(404)

  // Her school sends a list with her on it, and with Cleo. Mira lets them in: Asha was there already.
  const list = `\ufeffEmail;no\r\n`
  expect((await mira.post(`${rosterPath}/import`, new Blob([list], { type: 'text/csv' }))).status).toBe(400)
  const csv = `Name,Email\r\nAsha,${emailOf('Asha')}\r\nCleo,${emailOf('Cleo')}\r\nEve,${emailOf('Eve')}\r\n`
  const imported = await mira.post(`${rosterPath}/import`, new Blob([csv], { type: 'text/csv' }))
  expect(imported.body.rows.map((row: { outcome: string }) => row.outcome)).toEqual([
    'already_enrolled',
    'enrolled',
    'unknown_person',
  ])
  expect(await lessonOf(cleo)).toBe(200)

  // Asha gets her money back and stays, since her school's seat is hers; the coupon's seat is not free again.
  expect((await ada.post(`/api/payments/${payment.id}/refund`, {})).status).toBeLessThan(300)
  await world.drain()
  expect((await asha.get(`/api/payments/${payment.id}`)).body.status).toBe('refunded')
  expect((await asha.get(`/api/courses/${courseId}/enrollment-status`)).body).toEqual({
    enrolled: true,
    status: 'active',
    purchased: false,
  })
  expect(await lessonOf(asha)).toBe(200)

  // Dev begins to pay and never does: a day later his place is gone, and so is his payment. Mira grants him one.
  const left = await pay(dev, {})
  world.clock.advance({ hours: 25 })
  await world.database.pool.query(`select graphile_worker.add_job('enrollments.expire-pending')`)
  await world.drain()
  const people = await Promise.all(['Dev', 'Mira', 'Asha', 'Ada'].map(signInAgain))
  const [devLater, miraLater, ashaLater, adaLater] = people as [Client, Client, Client, Client]
  expect((await devLater.get(`/api/payments/${left.id}`)).body).toMatchObject({
    status: 'failed',
    failureReason: 'expired',
  })
  expect((await devLater.get(`/api/courses/${courseId}/enrollment-status`)).body.status).toBe('cancelled')
  expect(await miraLater.post(rosterPath, { email: emailOf('Dev') })).toMatchObject({ status: 201 })
  expect(await lessonOf(devLater)).toBe(200)

  // Asha finishes, and the roster shows it all.
  await ashaLater.post('/api/progress/lesson', { lessonId, completed: true })
  const roster = await miraLater.get(rosterPath)
  const shown = roster.body.items.map(
    (entry: { person: { name: string }; status: string; sources: string[]; progress: { percent: number } }) =>
      [entry.person.name, entry.status, entry.sources.join(), entry.progress.percent].join(' '),
  )
  expect(shown).toEqual([
    'Dev active grant 0',
    'Dev cancelled  0',
    'Cleo active import 0',
    'Asha completed import 100',
  ])
  const sheet = await miraLater.get(rosterPath, { headers: { accept: 'text/csv' } })
  expect(sheet.body.split('\r\n')).toHaveLength(6)

  // The office sees where the money went.
  const books = await adaLater.get('/api/payments?status=refunded')
  expect(books.body.items).toMatchObject([
    { id: payment.id, refunded: { amount: 37_425 }, person: { name: 'Asha' } },
  ])
})

async function signInAgain(name: string): Promise<Client> {
  const credentials = { email: emailOf(name), password: 'a long password' }
  const { body } = await world.client.post('/api/auth/login', credentials)
  return world.client.as(body.accessToken)
}
