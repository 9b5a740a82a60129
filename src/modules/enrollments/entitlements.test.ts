import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import { newId } from '../../platform/ids.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { makeCourse } from '../catalogue/factory.ts'
import { completeEnrollment } from './complete-enrollment.ts'
import { addEntitlement, revokeEntitlement } from './entitlements.ts'
import { makeEnrollment } from './factory.ts'

let world: World
let owner: Person
let courseId: string
beforeAll(async () => {
  world = await createWorld()
  owner = await makePerson(world.deps, { role: 'instructor' })
  courseId = (await makeCourse(world.deps, { owner, price: { amount: 49_900, currency: 'INR' } })).id
})
afterAll(() => world.close())

const cause = () => ({ userId: null, at: world.clock.now() })
const buy = (enrollmentId: string, reference: string) =>
  world.deps.transact((tx) =>
    addEntitlement(tx, cause(), { enrollmentId, source: 'purchase', reference, reason: 'paid' }),
  )
const refund = (enrollmentId: string, reference: string) =>
  world.deps.transact((tx) =>
    revokeEntitlement(tx, cause(), { enrollmentId, source: 'purchase', reference, reason: 'refunded' }),
  )
const grant = (enrollmentId: string) =>
  world.deps.transact((tx) =>
    addEntitlement(tx, cause(), { enrollmentId, source: 'grant', reference: null, reason: 'granted' }),
  )

async function standing(person: Person) {
  const { body } = await world.client.as(person.accessToken).get(`/api/courses/${courseId}/enrollment-status`)
  return body
}
async function factsOf(enrollmentId: string): Promise<string[]> {
  const { rows } = await world.database.pool.query(
    `select type from events where payload->>'enrollmentId' = $1 order by id`,
    [enrollmentId],
  )
  return rows.map((row: { type: string }) => row.type)
}
async function reasonsOf(enrollmentId: string): Promise<string[]> {
  const { rows } = await world.database.pool.query(
    'select reason from enrollment_history where enrollment_id = $1 order by id',
    [enrollmentId],
  )
  return rows.map((row: { reason: string }) => row.reason)
}
async function liveOf(enrollmentId: string): Promise<string[]> {
  const { rows } = await world.database.pool.query(
    'select source from enrollment_entitlements where enrollment_id = $1 and revoked_at is null order by source',
    [enrollmentId],
  )
  return rows.map((row: { source: string }) => row.source)
}

describe('addEntitlement', () => {
  it('activated once, whoever asks how often at once', async () => {
    const { id, student } = await makeEnrollment(world.deps, { courseId, status: 'pending' })
    const payment = newId()
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => buy(id, payment)))
    expect(outcomes.toSorted()).toEqual(['activated', ...Array(9).fill('active_already')])
    expect(await factsOf(id)).toEqual(['enrollment.created', 'enrollment.activated'])
    expect(await reasonsOf(id)).toEqual(['payment_awaited', 'paid'])
    expect(await liveOf(id)).toEqual(['purchase'])
    expect(await standing(student)).toEqual({ enrolled: true, status: 'active', purchased: true })
  })
  it('impossible: a cancelled one or none, and nothing is noted', async () => {
    const { id } = await makeEnrollment(world.deps, { courseId, status: 'cancelled' })
    expect(await buy(id, newId())).toBe('impossible')
    expect(await buy(newId(), newId())).toBe('impossible')
    expect(await liveOf(id)).toEqual([])
  })
})

describe('revokeEntitlement', () => {
  it('cancelled: the refund of the only purchase ends access, once', async () => {
    const { id, student } = await makeEnrollment(world.deps, { courseId, status: 'pending' })
    const payment = newId()
    await buy(id, payment)
    const outcomes = await Promise.all([refund(id, payment), refund(id, payment)])
    expect(outcomes.toSorted()).toEqual(['cancelled', 'nothing'])
    expect(await factsOf(id)).toEqual(['enrollment.created', 'enrollment.activated', 'enrollment.cancelled'])
    expect(await reasonsOf(id)).toEqual(['payment_awaited', 'paid', 'refunded'])
    expect(await standing(student)).toEqual({ enrolled: false, status: 'cancelled', purchased: false })
  })
  it.each(['grant first', 'purchase first'])('kept: a grant outlives the refund (%s)', async (order) => {
    const { id, student } = await makeEnrollment(world.deps, { courseId, status: 'pending' })
    const payment = newId()
    if (order === 'grant first') await grant(id)
    await buy(id, payment)
    if (order === 'purchase first') await grant(id)
    expect(await refund(id, payment)).toBe('kept')
    expect(await liveOf(id)).toEqual(['grant'])
    expect(await standing(student)).toEqual({ enrolled: true, status: 'active', purchased: false })
  })
  it('kept, then cancelled: two purchases, each refunded for itself', async () => {
    const { id } = await makeEnrollment(world.deps, { courseId, status: 'pending' })
    const [first, second] = [newId(), newId()]
    await buy(id, first)
    await buy(id, second)
    expect(await refund(id, second)).toBe('kept')
    expect(await refund(id, second)).toBe('nothing')
    expect(await refund(id, first)).toBe('cancelled')
  })
  it('cancelled exactly once: both purchases refunded at the same moment', async () => {
    const { id } = await makeEnrollment(world.deps, { courseId, status: 'pending' })
    const payments = [newId(), newId()]
    for (const payment of payments) await buy(id, payment)
    const outcomes = await Promise.all(payments.map((payment) => refund(id, payment)))
    expect(outcomes.toSorted()).toEqual(['cancelled', 'kept'])
  })
  it('cancelled: access to a completed course ends, too; when it was completed stays on record', async () => {
    const { id, student } = await makeEnrollment(world.deps, { courseId, status: 'completed' })
    const { rows } = await world.database.pool.query(
      'select reference from enrollment_entitlements where enrollment_id = $1',
      [id],
    )
    expect(await refund(id, rows[0].reference)).toBe('cancelled')
    expect(await standing(student)).toEqual({ enrolled: false, status: 'cancelled', purchased: false })
    const client = world.client.as(student.accessToken)
    expect((await client.get(`/api/enrollments/${id}`)).body).toMatchObject({
      completedAt: expect.any(String),
      cancelledAt: expect.any(String),
    })
    expect(await reasonsOf(id)).toEqual(['payment_awaited', 'paid', 'test', 'refunded'])
    expect((await factsOf(id)).at(-1)).toBe('enrollment.cancelled')
  })
  it('kept: a completed course that was granted, too, stays completed', async () => {
    const { id, student } = await makeEnrollment(world.deps, { courseId, status: 'pending' })
    const payment = newId()
    await buy(id, payment)
    await grant(id)
    await world.deps.transact((tx) => completeEnrollment(tx, cause(), { enrollmentId: id, reason: 'test' }))
    expect(await refund(id, payment)).toBe('kept')
    expect(await standing(student)).toEqual({ enrolled: true, status: 'completed', purchased: false })
  })
  it('nothing: another payment, a pending one, none', async () => {
    const { id } = await makeEnrollment(world.deps, { courseId })
    const pending = await makeEnrollment(world.deps, { courseId, status: 'pending' })
    for (const enrollmentId of [id, pending.id, newId()])
      expect(await refund(enrollmentId, newId())).toBe('nothing')
    expect(await liveOf(id)).toEqual(['purchase'])
  })
})

describe('cancelling', () => {
  it('revokes every entitlement with the reason', async () => {
    const { id, student } = await makeEnrollment(world.deps, { courseId })
    await grant(id)
    await world.client.as(student.accessToken).post(`/api/enrollments/${id}/cancel`)
    const { rows } = await world.database.pool.query(
      'select source, revoke_reason from enrollment_entitlements where enrollment_id = $1 order by source',
      [id],
    )
    expect(rows).toEqual([
      { source: 'purchase', revoke_reason: 'cancelled_by_student' },
      { source: 'grant', revoke_reason: 'cancelled_by_student' },
    ])
  })
})

describe('GET /users/me/export', () => {
  it('200: has the own enrollments, and those alone', async () => {
    const { id, student } = await makeEnrollment(world.deps, { courseId })
    const { body } = await world.client.as(student.accessToken).get('/api/users/me/export')
    expect(body.enrollments.enrollments).toMatchObject([{ id, courseId, status: 'active' }])
  })
})

describe('the database', () => {
  it('has an active or completed enrollment if and only if an entitlement of it is live', async () => {
    const { rows } = await world.database.pool.query(
      `select id, status from enrollments where (status in ('active', 'completed')) <> exists (
         select from enrollment_entitlements where enrollment_id = enrollments.id and revoked_at is null)`,
    )
    expect(rows).toEqual([])
  })
  it('refuses a second live enrollment and a history of nothing', async () => {
    const { student } = await makeEnrollment(world.deps, { courseId })
    const { pool } = world.database
    await expect(
      pool.query(
        `insert into enrollments (id, course_id, user_id, status, created_at) values ($1, $2, $3, 'pending', now())`,
        [newId(), courseId, student.id],
      ),
    ).rejects.toMatchObject({ constraint: 'enrollments_live' })
    await expect(
      pool.query(
        `insert into enrollment_history (id, enrollment_id, to_status, reason, at) values ($1, $2, 'pending', 'x', now())`,
        [newId(), newId()],
      ),
    ).rejects.toMatchObject({ code: '23503' })
  })
})
