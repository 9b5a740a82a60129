import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Answer, Client } from '../../../test/support/http.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { newId } from '../../platform/ids.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { type MadeCourse, makeCourse } from '../catalogue/factory.ts'
import { completeEnrollment } from './complete-enrollment.ts'
import { makeEnrollment } from './factory.ts'

let world: World
let owner: Person
let free: MadeCourse
let paid: MadeCourse
let draft: MadeCourse
const price = { amount: 49_900, currency: 'INR' }
beforeAll(async () => {
  world = await createWorld()
  owner = await makePerson(world.deps, { role: 'instructor' })
  free = await makeCourse(world.deps, { owner, title: 'Free course' })
  paid = await makeCourse(world.deps, { owner, price })
  draft = await makeCourse(world.deps, { owner, published: false })
})
afterAll(() => world.close())

async function signIn(role: Person['role'] = 'student'): Promise<Client & { person: Person }> {
  const person = await makePerson(world.deps, { role })
  return { ...world.client.as(person.accessToken), person }
}
const as = (person: Person) => world.client.as(person.accessToken)
const enroll = (client: Client, courseId: string, headers: Record<string, string> = {}): Promise<Answer> =>
  client.post('/api/enrollments', { courseId }, { headers })

async function historyOf(enrollmentId: string): Promise<unknown[]> {
  const { rows } = await world.database.pool.query(
    'select from_status, to_status, user_id, reason, at from enrollment_history where enrollment_id = $1 order by id',
    [enrollmentId],
  )
  return rows.map((row) => [row.from_status, row.to_status, row.user_id, row.reason, row.at])
}

async function factsOf(enrollmentId: string): Promise<string[]> {
  const { rows } = await world.database.pool.query(
    `select type from events where payload->>'enrollmentId' = $1 order by id`,
    [enrollmentId],
  )
  return rows.map((row: { type: string }) => row.type)
}

describe('POST /enrollments', () => {
  it('201: a free course is active at once, with its history and facts', async () => {
    const student = await signIn()
    const { status, body } = await enroll(student, free.id)
    const at = world.clock.now()
    expect(status).toBe(201)
    expect(body).toEqual({
      id: expect.any(String),
      courseId: free.id,
      userId: student.person.id,
      status: 'active',
      createdAt: at.toISOString(),
      activatedAt: at.toISOString(),
      course: { id: free.id, slug: 'free-course', title: 'Free course' },
    })
    expect(await historyOf(body.id)).toEqual([[null, 'active', student.person.id, 'free_course', at]])
    expect(await factsOf(body.id)).toEqual(['enrollment.created', 'enrollment.activated'])
  })
  it('201, then 200: a paid course is pending, and asked again the same one', async () => {
    const student = await signIn()
    const first = await enroll(student, paid.id)
    expect(first).toMatchObject({ status: 201, body: { status: 'pending' } })
    expect(first.body).not.toHaveProperty('activatedAt')
    expect(await enroll(student, paid.id)).toMatchObject({ status: 200, body: { id: first.body.id } })
    expect(await factsOf(first.body.id)).toEqual(['enrollment.created'])
  })
  it('200: a pending one turns active where the course has become free', async () => {
    const student = await signIn()
    const course = await makeCourse(world.deps, { owner, price })
    const { body } = await enroll(student, course.id)
    await as(owner).patch(`/api/courses/${course.id}`, { price: null })
    expect(await enroll(student, course.id)).toMatchObject({
      status: 200,
      body: { id: body.id, status: 'active' },
    })
    const standing = await student.get(`/api/courses/${course.id}/enrollment-status`)
    expect(standing.body).toEqual({ enrolled: true, status: 'active', purchased: false })
  })
  it('409 already_enrolled: while active and when completed', async () => {
    const active = await makeEnrollment(world.deps, { courseId: free.id })
    const completed = await makeEnrollment(world.deps, { courseId: free.id, status: 'completed' })
    for (const { student } of [active, completed])
      expect(await enroll(as(student), free.id)).toMatchObject({
        status: 409,
        body: { code: 'already_enrolled' },
      })
  })
  it('201: a cancelled one is begun anew', async () => {
    const { id, student } = await makeEnrollment(world.deps, { courseId: free.id, status: 'cancelled' })
    const again = await enroll(as(student), free.id)
    expect(again).toMatchObject({ status: 201, body: { status: 'active' } })
    expect(again.body.id).not.toBe(id)
  })
  it('201 once: twenty at once make one row', async () => {
    const student = await signIn()
    const answers = await Promise.all(Array.from({ length: 20 }, () => enroll(student, free.id)))
    const codes = answers.map(({ status, body }) => body.code ?? status)
    expect(codes.toSorted()).toEqual([201, ...Array(19).fill('already_enrolled')])
    const { body } = await student.get('/api/enrollments/my')
    expect(body.items).toHaveLength(1)
    expect(await factsOf(body.items[0].id)).toEqual(['enrollment.created', 'enrollment.activated'])
  })
  it('201 once, else 200: twenty at once in a paid course', async () => {
    const student = await signIn()
    const answers = await Promise.all(Array.from({ length: 20 }, () => enroll(student, paid.id)))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([...Array(19).fill(200), 201])
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1)
  })
  it('201 again: the same Idempotency-Key is answered the same, another body 409 idempotency_mismatch', async () => {
    const student = await signIn()
    const headers = { 'idempotency-key': 'once' }
    const answers = await Promise.all([1, 2, 3].map(() => enroll(student, free.id, headers)))
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201])
    expect(answers[1]?.body).toEqual(answers[0]?.body)
    expect(answers[2]?.body).toEqual(answers[0]?.body)
    const other = await enroll(student, paid.id, headers)
    expect(other).toMatchObject({ status: 409, body: { code: 'idempotency_mismatch' } })
  })
  it('404: a draft is nothing to others; its owner may try it out', async () => {
    const student = await signIn()
    expect((await enroll(student, draft.id)).status).toBe(404)
    expect((await enroll(student, newId())).status).toBe(404)
    expect((await enroll(as(owner), draft.id)).status).toBe(201)
  })
  it('409 course_closed: an archived course', async () => {
    const { id } = await makeCourse(world.deps, { owner })
    await makeEnrollment(world.deps, { courseId: id })
    await as(owner).delete(`/api/courses/${id}`)
    expect(await enroll(await signIn(), id)).toMatchObject({ status: 409, body: { code: 'course_closed' } })
  })
  it('enrolling while the course is deleted: either it stays and is archived, or 404', async () => {
    for (let n = 0; n < 5; n++) {
      const { id } = await makeCourse(world.deps, { owner })
      const student = await signIn()
      const [enrolled, deleted] = await Promise.all([
        enroll(student, id),
        as(owner).delete(`/api/courses/${id}`),
      ])
      const pair = `${enrolled?.status} ${deleted?.status}`
      expect(['201 200', '404 204']).toContain(pair)
    }
  })
  it.each([
    [{}, '/courseId'],
    [{ courseId: 'x' }, '/courseId'],
    [{ courseId: newId(), price: 0 }, '/price'],
  ])('400: %j is named as %s', async (body, path) => {
    const answer = await (await signIn()).post('/api/enrollments', body)
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path }] } })
  })
  it('401: without a token', async () => {
    expect((await enroll(world.client, free.id)).status).toBe(401)
  })
})

describe('GET /enrollments/my', () => {
  it('200: own ones, newest first, by status and page, in one statement', async () => {
    const student = await signIn()
    const cancelled = await makeEnrollment(world.deps, {
      student: student.person,
      courseId: free.id,
      status: 'cancelled',
    })
    const pending = await makeEnrollment(world.deps, {
      student: student.person,
      courseId: paid.id,
      status: 'pending',
    })
    const active = await makeEnrollment(world.deps, { student: student.person, courseId: free.id })
    await makeEnrollment(world.deps, { courseId: free.id })
    const ids = async (query: string) =>
      (await student.get(`/api/enrollments/my${query}`)).body.items.map((item: { id: string }) => item.id)
    world.statements.length = 0
    expect(await ids('')).toEqual([active.id, pending.id, cancelled.id])
    expect(world.statements).toHaveLength(1)
    expect(await ids('?status=pending')).toEqual([pending.id])
    const first = await student.get('/api/enrollments/my?limit=2')
    expect(await ids(`?limit=2&cursor=${first.body.nextCursor}`)).toEqual([cancelled.id])
    expect(first.body.items[0].course).toEqual({ id: free.id, slug: 'free-course', title: 'Free course' })
  })
  it('401 without a token, 400 for an unknown status', async () => {
    expect((await world.client.get('/api/enrollments/my')).status).toBe(401)
    expect((await (await signIn()).get('/api/enrollments/my?status=lost')).status).toBe(400)
  })
})

describe('GET /enrollments/:id', () => {
  it('200: to its student, the owner and admins; 404 to everybody else', async () => {
    const { id, student } = await makeEnrollment(world.deps, { courseId: free.id })
    const path = `/api/enrollments/${id}`
    for (const client of [as(student), as(owner), await signIn('admin')])
      expect(await client.get(path)).toMatchObject({ status: 200, body: { id, userId: student.id } })
    for (const client of [await signIn(), await signIn('instructor'), await signIn('parent')])
      expect((await client.get(path)).status).toBe(404)
    expect((await as(student).get(`/api/enrollments/${newId()}`)).status).toBe(404)
    expect((await world.client.get(path)).status).toBe(401)
    expect((await as(student).get('/api/enrollments/x')).status).toBe(400)
  })
})

describe('POST /enrollments/:id/cancel', () => {
  it.each(['pending', 'active'] as const)('200: a %s one, once', async (status) => {
    const courseId = status === 'pending' ? paid.id : free.id
    const { id, student } = await makeEnrollment(world.deps, { courseId, status })
    const cancelled = await as(student).post(`/api/enrollments/${id}/cancel`)
    expect(cancelled).toMatchObject({
      status: 200,
      body: { id, status: 'cancelled', cancelledAt: world.clock.now().toISOString() },
    })
    expect((await as(student).post(`/api/enrollments/${id}/cancel`)).status).toBe(200)
    expect((await factsOf(id)).filter((type) => type === 'enrollment.cancelled')).toHaveLength(1)
    expect((await historyOf(id)).at(-1)).toEqual([
      status,
      'cancelled',
      student.id,
      'cancelled_by_student',
      world.clock.now(),
    ])
  })
  it('200: by an admin, which the history tells', async () => {
    const { id } = await makeEnrollment(world.deps, { courseId: free.id })
    const admin = await signIn('admin')
    expect((await admin.post(`/api/enrollments/${id}/cancel`)).status).toBe(200)
    expect((await historyOf(id)).at(-1)).toMatchObject([
      'active',
      'cancelled',
      admin.person.id,
      'cancelled_by_admin',
      expect.any(Date),
    ])
  })
  it('409 enrollment_completed: a completed one stays', async () => {
    const { id, student } = await makeEnrollment(world.deps, { courseId: free.id, status: 'completed' })
    const answer = await as(student).post(`/api/enrollments/${id}/cancel`)
    expect(answer).toMatchObject({ status: 409, body: { code: 'enrollment_completed' } })
  })
  it('401, 403 and 404: the owner may see it and not cancel it, others do not know of it', async () => {
    const { id } = await makeEnrollment(world.deps, { courseId: free.id })
    const path = `/api/enrollments/${id}/cancel`
    expect((await world.client.post(path)).status).toBe(401)
    expect((await as(owner).post(path)).status).toBe(403)
    expect((await (await signIn()).post(path)).status).toBe(404)
    expect((await (await signIn('instructor')).post(path)).status).toBe(404)
  })
})

describe('GET /courses/:id/enrollment-status', () => {
  it('200: what one may do and how it came to that', async () => {
    const student = await signIn()
    const standing = async (courseId: string) =>
      (await student.get(`/api/courses/${courseId}/enrollment-status`)).body
    expect(await standing(free.id)).toEqual({ enrolled: false, status: null, purchased: false })
    await enroll(student, paid.id)
    expect(await standing(paid.id)).toEqual({ enrolled: false, status: 'pending', purchased: false })
    const { id } = await makeEnrollment(world.deps, {
      student: student.person,
      courseId: paid.id,
      status: 'active',
    })
    expect(await standing(paid.id)).toEqual({ enrolled: true, status: 'active', purchased: true })
    await student.post(`/api/enrollments/${id}/cancel`)
    expect(await standing(paid.id)).toEqual({ enrolled: false, status: 'cancelled', purchased: true })
    await enroll(student, free.id)
    expect(await standing(free.id)).toEqual({ enrolled: true, status: 'active', purchased: false })
  })
  it('401 without a token; 404 for a draft, unless one is enrolled in it', async () => {
    const path = `/api/courses/${draft.id}/enrollment-status`
    expect((await world.client.get(path)).status).toBe(401)
    expect((await (await signIn()).get(path)).status).toBe(404)
    const { id } = await makeCourse(world.deps, { owner })
    const { student } = await makeEnrollment(world.deps, { courseId: id })
    await as(owner).post(`/api/courses/${id}/unpublish`)
    expect((await as(student).get(`/api/courses/${id}/enrollment-status`)).body.enrolled).toBe(true)
  })
})

describe('the door for later modules', () => {
  const cause = { userId: null, at: new Date('2026-01-31T09:30:00.000Z') }
  it('completeEnrollment: once, and only what is active', async () => {
    const { id } = await makeEnrollment(world.deps, { courseId: free.id })
    const complete = (enrollmentId: string) =>
      world.deps.transact((tx) => completeEnrollment(tx, cause, { enrollmentId, reason: 'all_lessons_done' }))
    const outcomes = await Promise.all([complete(id), complete(id)])
    expect(outcomes.filter((row) => row !== undefined)).toHaveLength(1)
    expect((await factsOf(id)).filter((type) => type === 'enrollment.completed')).toHaveLength(1)
    const { id: pending } = await makeEnrollment(world.deps, { courseId: paid.id, status: 'pending' })
    expect(await complete(pending)).toBeUndefined()
  })
})
