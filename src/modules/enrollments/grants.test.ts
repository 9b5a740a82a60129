import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import { newId } from '../../platform/ids.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { makeCourse } from '../catalogue/factory.ts'
import { makeEnrollment } from './factory.ts'
import { enrollmentJobs } from './jobs.ts'

let world: World
let owner: Person
let admin: Person
let courseId: string
const price = { amount: 49_900, currency: 'INR' }
beforeAll(async () => {
  world = await createWorld()
  owner = await makePerson(world.deps, { role: 'instructor' })
  admin = await makePerson(world.deps, { role: 'admin' })
  courseId = (await makeCourse(world.deps, { owner, price })).id
})
afterAll(() => world.close())

const as = (person: Person) => world.client.as(person.accessToken)
const grant = (by: Person, body: unknown, course = courseId) =>
  as(by).post(`/api/courses/${course}/enrollments`, body)
async function rowsOf(statement: string, ...values: unknown[]): Promise<unknown[][]> {
  const { rows } = await world.database.pool.query({ text: statement, values, rowMode: 'array' })
  return rows
}
const historyOf = (id: string) =>
  rowsOf(
    'select from_status, to_status, user_id, reason from enrollment_history where enrollment_id = $1 order by id',
    id,
  )
const liveOf = (id: string) =>
  rowsOf(
    'select source, granted_by from enrollment_entitlements where enrollment_id = $1 and revoked_at is null order by source',
    id,
  )
const factsOf = (id: string) =>
  rowsOf(`select type from events where payload->>'enrollmentId' = $1 order by id`, id)

describe('POST /courses/:id/enrollments', () => {
  it('201: active at once in a paid course; the history tells who and why', async () => {
    const student = await makePerson(world.deps)
    const { status, body } = await grant(owner, { userId: student.id })
    expect(status).toBe(201)
    expect(body).toMatchObject({
      courseId,
      userId: student.id,
      status: 'active',
      activatedAt: world.clock.now().toISOString(),
    })
    expect(await historyOf(body.id)).toEqual([[null, 'active', owner.id, 'granted']])
    expect(await liveOf(body.id)).toEqual([['grant', owner.id]])
    const facts = ['enrollment.created', 'enrollment.activated', 'enrollment.granted']
    expect(await factsOf(body.id)).toEqual(facts.map((type) => [type]))
    const standing = await as(student).get(`/api/courses/${courseId}/enrollment-status`)
    expect(standing.body).toEqual({ enrolled: true, status: 'active', purchased: false })
  })
  it('201: by e-mail, whatever the case of its letters, by an admin', async () => {
    const student = await makePerson(world.deps)
    const answer = await grant(admin, { email: ` ${student.email.toUpperCase()} ` })
    expect(answer).toMatchObject({ status: 201, body: { userId: student.id } })
  })
  it('200: one who paid keeps that, and the grant is one more entitlement, once', async () => {
    const { id, student } = await makeEnrollment(world.deps, { courseId })
    for (let n = 0; n < 2; n++)
      expect(await grant(owner, { userId: student.id })).toMatchObject({ status: 200, body: { id } })
    expect(await liveOf(id)).toEqual([
      ['purchase', student.id],
      ['grant', owner.id],
    ])
    const facts = ['enrollment.created', 'enrollment.activated', 'enrollment.granted', 'enrollment.granted']
    expect(await factsOf(id)).toEqual(facts.map((type) => [type]))
  })
  it('200: a pending one becomes active, a completed one stays so', async () => {
    const pending = await makeEnrollment(world.deps, { courseId, status: 'pending' })
    expect(await grant(owner, { userId: pending.student.id })).toMatchObject({
      status: 200,
      body: { id: pending.id, status: 'active' },
    })
    expect((await historyOf(pending.id)).at(-1)).toEqual(['pending', 'active', owner.id, 'granted'])
    const completed = await makeEnrollment(world.deps, { courseId, status: 'completed' })
    expect((await grant(owner, { userId: completed.student.id })).body.status).toBe('completed')
  })
  it('201: one who gave up is let in anew', async () => {
    const { id, student } = await makeEnrollment(world.deps, { courseId, status: 'cancelled' })
    const { status, body } = await grant(owner, { userId: student.id })
    expect(status).toBe(201)
    expect(body.id).not.toBe(id)
  })
  it('201 once, else 200: grants and the person itself at the same moment', async () => {
    const student = await makePerson(world.deps)
    const answers = await Promise.all([
      ...Array.from({ length: 10 }, () => grant(owner, { userId: student.id })),
      ...Array.from({ length: 10 }, () => as(student).post('/api/enrollments', { courseId })),
    ])
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    expect(answers.filter(({ status }) => ![200, 201, 409].includes(status))).toEqual([])
    const { body } = await as(student).get('/api/enrollments/my')
    expect(body.items).toMatchObject([{ status: 'active' }])
  })
  it.each([
    [{}, '/userId'],
    [{ userId: newId() }, '/userId'],
    [{ userId: 'x' }, '/userId'],
    [{ userId: newId(), email: 'a@example.org' }, '/email'],
    [{ email: 'nobody@example.org' }, '/email'],
    [{ email: '' }, '/email'],
    [{ email: 'a@example.org', role: 'admin' }, '/role'],
  ])('400: %j is named as %s', async (body, path) => {
    expect(await grant(owner, body)).toMatchObject({ status: 400, body: { errors: [{ path }] } })
  })
  it('401, 403, 404: nobody but the owners, and a draft is nothing to others', async () => {
    const student = await makePerson(world.deps)
    const rival = await makePerson(world.deps, { role: 'instructor' })
    const draft = await makeCourse(world.deps, { owner, published: false })
    const body = { userId: student.id }
    expect((await world.client.post(`/api/courses/${courseId}/enrollments`, body)).status).toBe(401)
    expect((await grant(student, body)).status).toBe(403)
    expect((await grant(rival, body)).status).toBe(403)
    expect((await grant(rival, body, draft.id)).status).toBe(404)
    expect((await grant(owner, body, newId())).status).toBe(404)
    expect((await grant(owner, body, draft.id)).status).toBe(201)
  })
  it('409 course_closed: an archived course takes nobody in', async () => {
    const { id } = await makeCourse(world.deps, { owner })
    const { student } = await makeEnrollment(world.deps, { courseId: id })
    await as(owner).delete(`/api/courses/${id}`)
    expect(await grant(owner, { userId: student.id }, id)).toMatchObject({
      status: 409,
      body: { code: 'course_closed' },
    })
  })
  it('201 again: the same Idempotency-Key is answered the same', async () => {
    const student = await makePerson(world.deps)
    const path = `/api/courses/${courseId}/enrollments`
    const headers = { 'idempotency-key': 'one-grant' }
    const answers = await Promise.all(
      [1, 2].map(() => as(owner).post(path, { userId: student.id }, { headers })),
    )
    expect(answers.map(({ status }) => status)).toEqual([201, 201])
  })
})

describe('DELETE /enrollments/:id/grant', () => {
  const takeBack = (by: Person, id: string) => as(by).delete(`/api/enrollments/${id}/grant`)

  it('200: access ends with the only entitlement; 404: once more', async () => {
    const student = await makePerson(world.deps)
    const { id } = (await grant(owner, { userId: student.id })).body
    expect(await takeBack(owner, id)).toMatchObject({ status: 200, body: { id, status: 'cancelled' } })
    expect((await historyOf(id)).at(-1)).toEqual(['active', 'cancelled', owner.id, 'grant_taken_back'])
    const facts = [['enrollment.cancelled'], ['enrollment.grant_taken_back']]
    expect((await factsOf(id)).slice(-2)).toEqual(facts)
    expect((await takeBack(owner, id)).status).toBe(404)
  })
  it('200: who has paid as well keeps the course', async () => {
    const { id, student } = await makeEnrollment(world.deps, { courseId })
    await grant(owner, { userId: student.id })
    expect(await takeBack(admin, id)).toMatchObject({ status: 200, body: { status: 'active' } })
    expect(await liveOf(id)).toMatchObject([['purchase', student.id]])
  })
  it('200 once, when asked five times at the same moment', async () => {
    const { id } = (await grant(owner, { userId: (await makePerson(world.deps)).id })).body
    const answers = await Promise.all(Array.from({ length: 5 }, () => takeBack(owner, id)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 404, 404, 404, 404])
  })
  it('200: what was granted by import', async () => {
    const student = await makePerson(world.deps)
    const csv = new Blob([`email\n${student.email}\n`], { type: 'text/csv' })
    await as(owner).post(`/api/courses/${courseId}/enrollments/import`, csv)
    const [[id] = []] = await rowsOf('select id from enrollments where user_id = $1', student.id)
    expect(await takeBack(owner, `${id}`)).toMatchObject({ status: 200, body: { status: 'cancelled' } })
  })
  it('404: what was bought, another course, nothing; 403: its student; 401: nobody', async () => {
    const { id, student } = await makeEnrollment(world.deps, { courseId })
    expect((await takeBack(owner, id)).status).toBe(404)
    expect((await takeBack(owner, newId())).status).toBe(404)
    await grant(owner, { userId: student.id })
    expect((await takeBack(await makePerson(world.deps, { role: 'instructor' }), id)).status).toBe(404)
    expect((await takeBack(student, id)).status).toBe(403)
    expect((await world.client.delete(`/api/enrollments/${id}/grant`)).status).toBe(401)
    expect((await takeBack(owner, 'x')).status).toBe(400)
  })
})

describe('what is left pending', () => {
  const expire = () => enrollmentJobs[0]?.run(world.deps, {})
  it('is cancelled after 24 hours and not before, with its history and fact, once', async () => {
    const { id, student } = await makeEnrollment(world.deps, { courseId, status: 'pending' })
    const active = await makeEnrollment(world.deps, { courseId })
    const status = async (of: string) => (await as(admin).get(`/api/enrollments/${of}`)).body.status
    world.clock.advance({ hours: 23, minutes: 59 })
    await expire()
    admin = await makePerson(world.deps, { role: 'admin' })
    expect(await status(id)).toBe('pending')
    world.clock.advance({ minutes: 2 })
    const later = await makeEnrollment(world.deps, { courseId, status: 'pending' })
    await Promise.all([expire(), expire()])
    expect(await Promise.all([id, active.id, later.id].map(status))).toEqual([
      'cancelled',
      'active',
      'pending',
    ])
    expect((await historyOf(id)).at(-1)).toEqual(['pending', 'cancelled', null, 'expired'])
    expect(await factsOf(id)).toEqual([['enrollment.created'], ['enrollment.cancelled']])
    owner = await makePerson(world.deps, { role: 'admin' })
    expect((await grant(owner, { userId: student.id })).status).toBe(201)
  })
  it('is passed over while somebody is changing it', async () => {
    const { id } = await makeEnrollment(world.deps, { courseId, status: 'pending' })
    world.clock.advance({ hours: 25 })
    const client = await world.database.pool.connect()
    try {
      await client.query('begin')
      await client.query('select 1 from enrollments where id = $1 for no key update', [id])
      await expire()
      expect(await rowsOf('select status from enrollments where id = $1', id)).toEqual([['pending']])
    } finally {
      await client.query('rollback')
      client.release()
    }
    await expire()
    expect(await rowsOf('select status from enrollments where id = $1', id)).toEqual([['cancelled']])
  })
})
