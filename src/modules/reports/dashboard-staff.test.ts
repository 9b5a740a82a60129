import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Client } from '../../../test/support/http.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { makeCourse } from '../catalogue/factory.ts'
import { makeEnrollment } from '../enrollments/factory.ts'
import { makePayment } from '../payments/factory.ts'

let world: World
let admin: Person
beforeAll(async () => {
  world = await createWorld()
  admin = await makePerson(world.deps, { role: 'admin' })
})
afterAll(() => world.close())

const as = (person: Person): Client => world.client.as(person.accessToken)
const read = async (person: Person, path: string) => {
  const { status, body } = await as(person).get(`/api/dashboard/${path}`)
  expect(status).toBe(200)
  return body
}
const inr = (amount: number) => ({ amount, currency: 'INR' })

/** A course with one who has done a third of it, one who has completed it and one who has gone. */
async function makeTaught() {
  const { deps } = world
  const course = await makeCourse(deps, { price: inr(49_900) })
  const { student, payment } = await makePayment(deps, { courseId: course.id, captured: true })
  await as(student).post('/api/progress/lesson', { lessonId: course.lessonIds[0], completed: true })
  await makeEnrollment(deps, { courseId: course.id, status: 'completed' })
  await makeEnrollment(deps, { courseId: course.id, status: 'cancelled' })
  await makePayment(deps, { courseId: course.id })
  await makeCourse(deps, { owner: course.owner, published: false })
  await as(admin).post(`/api/payments/${payment.id}/refund`, { amount: inr(900) })
  await as(student).put(`/api/courses/${course.id}/reviews/mine`, { stars: 4 })
  await world.drain()
  return course
}

describe('GET /api/dashboard/instructor', () => {
  const nothing = { total: 0, pending: 0, active: 0, completed: 0, cancelled: 0 }
  it('200: nothing yet', async () => {
    const instructor = await makePerson(world.deps, { role: 'instructor' })
    expect(await read(instructor, 'instructor')).toEqual({
      courses: { total: 0, draft: 0, published: 0, archived: 0 },
      enrollments: nothing,
      activeStudents: { last7Days: 0, last30Days: 0 },
      revenue: [],
      monthStart: expect.any(String),
      rating: { average: 0, count: 0 },
      perCourse: [],
      nextCursor: null,
    })
  })
  it('200: courses, enrollments, active students, completion, revenue and rating, for assistants as for leads', async () => {
    const { id, owner } = await makeTaught()
    const enrollments = { total: 4, pending: 1, active: 1, completed: 1, cancelled: 1 }
    const course = {
      course: { id, title: 'Git basics' },
      status: 'published',
      role: 'lead',
      enrollments,
      completionPercent: 50,
      averageProgressPercent: 66,
      activeStudents: 1,
      revenue: [{ amount: 49_000, currency: 'INR' }],
      rating: { average: 4, count: 1 },
    }
    expect(await read(owner, 'instructor')).toMatchObject({
      courses: { total: 2, draft: 1, published: 1, archived: 0 },
      enrollments,
      activeStudents: { last7Days: 1, last30Days: 1 },
      revenue: [{ amount: 49_000, currency: 'INR', refunded: 900, thisMonth: 49_000 }],
      rating: { average: 4, count: 1 },
      perCourse: [{ status: 'draft', enrollments: nothing, completionPercent: 0 }, course],
    })
    const assistant = await makePerson(world.deps, { role: 'instructor' })
    await as(admin).put(`/api/courses/${id}/instructors`, [
      { userId: owner.id, role: 'lead' },
      { userId: assistant.id, role: 'assistant' },
    ])
    expect((await read(assistant, 'instructor')).perCourse).toMatchObject([{ ...course, role: 'assistant' }])
  })
  it('200: by pages of courses, each with the totals of all, in two statements however many', async () => {
    const owner = await makePerson(world.deps, { role: 'instructor' })
    const made = [1, 2, 3].map(() => makeCourse(world.deps, { owner }))
    const ids = (await Promise.all(made)).map(({ id }) => id).sort()
    const seen: string[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      world.statements.length = 0
      const page = await read(owner, `instructor?limit=2${cursor && `&cursor=${cursor}`}`)
      expect(world.statements).toHaveLength(2)
      expect(page.courses.total).toBe(3)
      seen.push(...page.perCourse.map(({ course }: { course: { id: string } }) => course.id))
      cursor = page.nextCursor
    }
    expect(seen).toEqual(ids.toReversed())
  })
  it('400: a cursor that is none, an unknown field', async () => {
    const instructor = as(await makePerson(world.deps, { role: 'instructor' }))
    for (const query of ['cursor=x', 'courseId=x', 'limit=101'])
      expect((await instructor.get(`/api/dashboard/instructor?${query}`)).status).toBe(400)
  })
})

describe('GET /api/dashboard/admin', () => {
  it('200: people, courses, enrollments, revenue and who teaches lately, in three statements', async () => {
    const before = await read(admin, 'admin')
    const { owner } = await makeTaught()
    const suspended = await makePerson(world.deps, { role: 'parent' })
    await as(admin).patch(`/api/users/${suspended.id}`, { status: 'suspended' })
    const gone = await makePerson(world.deps)
    await as(gone).delete('/api/users/me', { password: gone.password })
    world.statements.length = 0
    const after = await read(admin, 'admin')
    expect(world.statements).toHaveLength(3)
    const more = (pick: (body: typeof after) => number) => pick(after) - pick(before)
    expect(more(({ users }) => users.byRole.student)).toBe(4)
    expect(more(({ users }) => users.byRole.instructor)).toBe(1)
    expect(more(({ users }) => users.byRole.parent)).toBe(1)
    expect(more(({ users }) => users.byStatus.suspended)).toBe(1)
    expect(more(({ users }) => users.total)).toBe(6)
    expect(more(({ courses }) => courses.draft)).toBe(1)
    expect(more(({ courses }) => courses.published)).toBe(1)
    expect(more(({ enrollments }) => enrollments.total)).toBe(4)
    expect(more(({ revenue }) => revenue[0]?.amount ?? 0)).toBe(49_000)
    expect(after.instructors[0]).toMatchObject({
      instructor: { id: owner.id },
      courses: { total: 2, published: 1 },
      enrollments: { active: 1, completed: 1 },
      newEnrollments: 2,
      revenue: [{ amount: 49_000, currency: 'INR' }],
    })
  })
  it('200: when the last backup was made', async () => {
    expect(await read(admin, 'admin')).not.toHaveProperty('lastBackupAt')
    await as(admin).post('/api/admin/backups')
    await world.drain()
    expect(await read(admin, 'admin')).toHaveProperty('lastBackupAt', world.clock.now().toISOString())
  })
})

describe('a dashboard that is another role’s', () => {
  it('403 for the others, admins too, and 401 for nobody', async () => {
    const people = await Promise.all(
      (['student', 'parent', 'instructor', 'admin'] as const).map((role) => makePerson(world.deps, { role })),
    )
    for (const dashboard of ['instructor', 'admin']) {
      for (const person of people.filter(({ role }) => role !== dashboard))
        expect((await as(person).get(`/api/dashboard/${dashboard}`)).body.code).toBe('forbidden')
      expect((await world.client.get(`/api/dashboard/${dashboard}`)).status).toBe(401)
    }
  })
})
