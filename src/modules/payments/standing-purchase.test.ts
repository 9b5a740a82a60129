import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Client } from '../../../test/support/http.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { makeCourse } from '../catalogue/factory.ts'
import { makeEnrollment } from '../enrollments/factory.ts'
import { makePayment } from './factory.ts'
import { findPayment } from './queries.ts'

let world: World
let admin: Client
beforeAll(async () => {
  world = await createWorld()
  admin = world.client.as((await makePerson(world.deps, { role: 'admin' })).accessToken)
})
afterAll(() => world.close())

const as = (student: Person) => world.client.as(student.accessToken)
const create = (student: Person, courseId: string) => as(student).post('/api/payments/create', { courseId })
const standing = async (student: Person, courseId: string) =>
  (await as(student).get(`/api/courses/${courseId}/enrollment-status`)).body
const read = (id: string) => findPayment(world.deps.db, id)
async function bought() {
  const { payment, student } = await makePayment(world.deps, { captured: true })
  const { id, course_id: courseId, enrollment_id: enrollmentId } = payment
  return { id, courseId, student, cancel: `/api/enrollments/${enrollmentId}/cancel` }
}
async function pay(paymentId: string): Promise<void> {
  await world.client.post(`/api/payments/simulator/${paymentId}`, { outcome: 'paid' })
  await world.drain()
}

describe('a purchase that the student gave up', () => {
  it('stands: access comes back for nothing, until the money goes back', async () => {
    const { id, courseId, student, cancel } = await bought()
    await as(student).post(cancel)
    await world.drain()
    expect(await standing(student, courseId)).toEqual({
      enrolled: false,
      status: 'cancelled',
      purchased: true,
    })
    const again = await create(student, courseId)
    expect(again).toMatchObject({ status: 200, body: { payment: { id } } })
    expect(again.body.checkout).toBeUndefined()
    const { enrollment_id: enrollmentId } = (await read(id)) ?? {}
    await as(student).post(`/api/enrollments/${enrollmentId}/cancel`)
    await admin.post(`/api/payments/${id}/refund`)
    await world.drain()
    expect(await standing(student, courseId)).toEqual({
      enrolled: false,
      status: 'cancelled',
      purchased: false,
    })
    expect((await create(student, courseId)).status).toBe(201)
  })
})

describe('a purchase whose access an admin ended', () => {
  it.each([true, false])(
    'is over: access costs anew (jobs done: %s), and its money can still be given back',
    async (drained) => {
      const { id, courseId, student, cancel } = await bought()
      expect((await admin.post(cancel)).status).toBe(200)
      if (drained) {
        await world.drain()
        expect(await read(id)).toMatchObject({ status: 'captured', pays: false })
      }
      expect(await standing(student, courseId)).toMatchObject({ enrolled: false, purchased: false })
      const { status, body } = await create(student, courseId)
      expect({ status, ...body.payment }).toMatchObject({ status: 'pending' })
      expect(status).toBe(201)
      await pay(body.payment.id)
      expect(await standing(student, courseId)).toEqual({ enrolled: true, status: 'active', purchased: true })
      expect((await admin.post(`/api/payments/${id}/refund`)).status).toBe(201)
      await world.drain()
      expect(await read(id)).toMatchObject({ status: 'refunded' })
      expect(await standing(student, courseId)).toEqual({ enrolled: true, status: 'active', purchased: true })
    },
  )

  it.each([true, false])(
    'is over also where the student had given it up (jobs done: %s)',
    async (drained) => {
      const { id, courseId, student, cancel } = await bought()
      expect((await as(student).post(cancel)).status).toBe(200)
      for (let times = 0; times < 2; times++) expect((await admin.post(cancel)).status).toBe(200)
      if (drained) {
        await world.drain()
        expect(await read(id)).toMatchObject({ status: 'captured', pays: false })
      }
      expect(await standing(student, courseId)).toMatchObject({ enrolled: false, purchased: false })
      expect(await create(student, courseId)).toMatchObject({
        status: 201,
        body: { payment: { status: 'pending' } },
      })
      const { rows } = await world.database.pool.query(
        `select reason from enrollment_history
       where enrollment_id = (select enrollment_id from payments where id = $1) order by id`,
        [id],
      )
      expect(rows.slice(-2)).toEqual([{ reason: 'cancelled_by_student' }, { reason: 'cancelled_by_admin' }])
      const { rows: facts } = await world.database.pool.query(
        `select id from events where type = 'enrollment.cancelled' and payload->>'userId' = $1`,
        [student.id],
      )
      expect(facts).toHaveLength(2)
    },
  )

  it('stands where it was taken up again since: an admin who ends the old enrollment changes nothing', async () => {
    const { id, courseId, student, cancel } = await bought()
    await as(student).post(cancel)
    expect((await create(student, courseId)).status).toBe(200)
    expect((await admin.post(cancel)).status).toBe(200)
    await world.drain()
    expect(await read(id)).toMatchObject({ pays: true })
    expect(await standing(student, courseId)).toEqual({ enrolled: true, status: 'active', purchased: true })
  })

  it('is over also for one who comes back at the same moment', async () => {
    for (let turn = 0; turn < 8; turn++) {
      const { courseId, student, cancel } = await bought()
      const [, created] = await Promise.all([admin.post(cancel), create(student, courseId)])
      expect([201, 409]).toContain(created?.status)
      if (created?.status === 409) expect(created.body.code).toBe('already_enrolled')
      expect(await standing(student, courseId)).toMatchObject({ enrolled: false, purchased: false })
    }
  })
})

describe('a payment that is waited for', () => {
  it.each(['granted', 'free'])('is superseded where the course is %s meanwhile', async (how) => {
    const owner = await makePerson(world.deps, { role: 'instructor' })
    const course = await makeCourse(world.deps, { owner, price: { amount: 49_900, currency: 'INR' } })
    const { payment, student } = await makePayment(world.deps, { courseId: course.id })
    if (how === 'granted')
      await as(owner).post(`/api/courses/${course.id}/enrollments`, { userId: student.id })
    else {
      const changed = await as(owner).patch(`/api/courses/${course.id}`, { price: null })
      expect(changed.status).toBe(200)
      expect((await as(student).post('/api/enrollments', { courseId: course.id })).status).toBe(200)
    }
    await world.drain()
    expect(await read(payment.id)).toMatchObject({ status: 'failed', failure_reason: 'superseded' })
    expect(await standing(student, course.id)).toMatchObject({ enrolled: true })
  })
})

describe('user.deleted', () => {
  it('ends what is pending or active, and its payments; what was completed stays', async () => {
    const { payment: paid, student } = await makePayment(world.deps, { captured: true })
    const { payment: pending } = await makePayment(world.deps, { student })
    const completed = await makeEnrollment(world.deps, { student, status: 'completed' })
    expect((await admin.delete(`/api/users/${student.id}`)).status).toBeLessThan(300)
    await world.drain()
    const { rows } = await world.database.pool.query(
      `select e.id, e.status, (select reason from enrollment_history where enrollment_id = e.id order by id desc limit 1) as reason
       from enrollments e where user_id = $1 order by id`,
      [student.id],
    )
    expect(rows).toEqual([
      { id: paid.enrollment_id, status: 'cancelled', reason: 'user_deleted' },
      { id: pending.enrollment_id, status: 'cancelled', reason: 'user_deleted' },
      { id: completed.id, status: 'completed', reason: 'test' },
    ])
    expect(await read(pending.id)).toMatchObject({ status: 'failed', failure_reason: 'enrollment_cancelled' })
    expect(await read(paid.id)).toMatchObject({ status: 'captured' })
  })
})
