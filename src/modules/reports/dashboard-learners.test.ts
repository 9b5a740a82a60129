import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Client } from '../../../test/support/http.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { makeQuiz, rightAnswers } from '../assessments/factory.ts'
import { makeCourse } from '../catalogue/factory.ts'
import { makeEnrollment } from '../enrollments/factory.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const as = (person: Person): Client => world.client.as(person.accessToken)
const readDashboard = async (person: Person) => {
  const { status, body } = await as(person).get('/api/dashboard/student')
  expect(status).toBe(200)
  return body
}

/** A parent of this child. */
async function parentOf(child: Person, parent?: Person): Promise<Person> {
  const guardian = parent ?? (await makePerson(world.deps, { role: 'parent' }))
  const { body } = await as(child).post('/api/users/me/guardian-codes')
  expect((await as(guardian).post('/api/children', { code: body.code })).status).toBe(201)
  return guardian
}

async function pass(student: Person, quiz: Awaited<ReturnType<typeof makeQuiz>>): Promise<void> {
  await as(student).post('/api/enrollments', { courseId: quiz.courseId })
  const attempt = await as(student).post(`/api/quizzes/${quiz.id}/attempts`)
  await as(student).put(`/api/attempts/${attempt.body.id}/answers`, {
    answers: rightAnswers(attempt.body, quiz.quiz.questions),
  })
  expect((await as(student).post(`/api/attempts/${attempt.body.id}/submit`)).status).toBe(200)
  await world.drain()
}

describe('GET /api/dashboard/student', () => {
  it('200: nothing yet', async () => {
    expect(await readDashboard(await makePerson(world.deps))).toEqual({
      active: 0,
      completed: 0,
      pending: 0,
      courses: [],
      results: [],
      due: [],
      certificates: { total: 0, latest: [] },
      streak: { current: 0, longest: 0, timezone: 'UTC' },
    })
  })
  it('200: a streak by the days of the zone that a name stored once was', async () => {
    const person = await makePerson(world.deps)
    await world.database.pool.query("update users set timezone = 'IST' where id = $1", [person.id])
    expect((await readDashboard(person)).streak).toMatchObject({ timezone: 'Asia/Calcutta' })
  })
  it('200: a course under way with its percent and the next lesson, as its progress tells them', async () => {
    const { student, courseId } = await makeEnrollment(world.deps)
    const { body: before } = await as(student).get(`/api/progress/course/${courseId}`)
    await as(student).post('/api/progress/lesson', { lessonId: before.nextLessonId, completed: true })
    const { body: progress } = await as(student).get(`/api/progress/course/${courseId}`)
    const dashboard = await readDashboard(student)
    expect(dashboard).toMatchObject({
      active: 1,
      courses: [
        {
          status: 'active',
          course: { id: courseId, title: 'Git basics' },
          progress: { completedLessons: 1, totalLessons: 3, percent: 33 },
          nextLesson: { id: progress.nextLessonId, type: 'text' },
        },
      ],
      streak: { current: 1, longest: 1 },
      lastActivityAt: world.clock.now().toISOString(),
    })
    expect(progress.nextLessonId).not.toBe(before.nextLessonId)
  })
  it('200: the next lesson is the first open one, or says when the first opens', async () => {
    const student = await makePerson(world.deps)
    const wait = { availableAfterDays: 3 }
    const one = await makeCourse(world.deps, { sections: [[wait], [{}]], sequential: true })
    const other = await makeCourse(world.deps, { sections: [[wait], [{}]] })
    const shut = await makeCourse(world.deps, { sections: [[{ availableAfterDays: 5 }, wait]] })
    for (const { id } of [one, other, shut]) await as(student).post('/api/enrollments', { courseId: id })
    const { courses } = await readDashboard(student)
    const opensAt = new Date(world.clock.now().getTime() + 3 * 86_400_000).toISOString()
    const next = (courseId: string) =>
      courses.find((entry: { course: { id: string } }) => entry.course.id === courseId).nextLesson
    expect(next(one.id)).toMatchObject({ id: one.lessonIds[0], opensAt })
    expect(next(other.id)).toEqual({ id: other.lessonIds[1], title: 'Lesson 2', type: 'text' })
    expect(next(shut.id)).toMatchObject({ id: shut.lessonIds[1], opensAt })
  })
  it('200: a course completed by its quiz, with the result and the certificate', async () => {
    const student = await makePerson(world.deps)
    const quiz = await makeQuiz(world.deps)
    await pass(student, quiz)
    const dashboard = await readDashboard(student)
    expect(dashboard).toMatchObject({
      active: 0,
      completed: 1,
      courses: [{ status: 'completed', progress: { percent: 100 }, examMissing: false }],
      results: [
        { quizId: quiz.id, lessonId: quiz.lessonId, scorePercent: 100, passed: true, status: 'submitted' },
      ],
      certificates: { total: 1, latest: [{ courseId: quiz.courseId, revoked: false }] },
      due: [],
    })
    expect(dashboard.courses[0]).not.toHaveProperty('nextLesson')
    const own = await as(student).get('/api/certificates/my')
    expect(dashboard.certificates.latest).toEqual(own.body.items)
  })
  it('200: an exam that is missing keeps a course below 100 percent', async () => {
    const quiz = await makeQuiz(world.deps, { exam: true })
    const { student, courseId } = await makeEnrollment(world.deps, { courseId: quiz.courseId })
    const { body } = await as(student).get(`/api/progress/course/${courseId}`)
    await as(student).post('/api/progress/lesson', { lessonId: body.nextLessonId, completed: true })
    expect((await readDashboard(student)).courses).toMatchObject([
      { status: 'active', progress: { percent: 99 }, examMissing: true },
    ])
  })
  it('200: what is due, first what comes first: an attempt by its deadline, a payment by its day', async () => {
    const { student, courseId } = await makeEnrollment(world.deps, { status: 'pending' })
    const timed = await makeQuiz(world.deps, { quiz: { timeLimitSeconds: 600 } })
    const open = await makeQuiz(world.deps)
    for (const quiz of [open, timed]) {
      await as(student).post('/api/enrollments', { courseId: quiz.courseId })
      await as(student).post(`/api/quizzes/${quiz.id}/attempts`)
    }
    const later = (seconds: number) => new Date(world.clock.now().getTime() + seconds * 1_000).toISOString()
    const { due, pending } = await readDashboard(student)
    expect(pending).toBe(1)
    expect(due).toMatchObject([
      { kind: 'attempt', quizId: timed.id, title: 'What stuck?', dueAt: later(600) },
      { kind: 'payment', course: { id: courseId }, dueAt: later(86_400) },
      { kind: 'attempt', quizId: open.id },
    ])
    expect(due[2]).not.toHaveProperty('dueAt')
  })
  it('200 by the same two statements, however many courses', async () => {
    const student = await makePerson(world.deps)
    const count = async () => {
      world.statements.length = 0
      await readDashboard(student)
      return world.statements.length
    }
    expect(await count()).toBe(2)
    for (let made = 0; made < 4; made++) await makeEnrollment(world.deps, { student })
    expect(await count()).toBe(2)
  })
})

describe('GET /api/dashboard/parent', () => {
  it('200: no children yet', async () => {
    const parent = await makePerson(world.deps, { role: 'parent' })
    expect((await as(parent).get('/api/dashboard/parent')).body).toEqual({ children: [], nextCursor: null })
  })
  it('200: each own child as the child has it, nobody else’s, by pages, in two statements and their transaction', async () => {
    const first = await makePerson(world.deps, { name: 'Mina Rao' })
    const second = await makePerson(world.deps, { name: 'Ravi Rao' })
    const parent = await parentOf(second, await parentOf(first))
    await parentOf(await makePerson(world.deps))
    await pass(first, await makeQuiz(world.deps))
    await makeEnrollment(world.deps, { student: second })
    world.statements.length = 0
    const { status, body } = await as(parent).get('/api/dashboard/parent')
    expect(world.statements).toHaveLength(4)
    expect(status).toBe(200)
    expect(body.children.map(({ child }: { child: { name: string } }) => child.name)).toEqual([
      'Mina Rao',
      'Ravi Rao',
    ])
    for (const [index, student] of [first, second].entries()) {
      const { streak, ...own } = await readDashboard(student)
      expect(body.children[index]).toMatchObject(own)
    }
    const page = await as(parent).get('/api/dashboard/parent?limit=1')
    expect(page.body.children).toMatchObject([{ child: { id: first.id } }])
    const rest = await as(parent).get(`/api/dashboard/parent?limit=1&cursor=${page.body.nextCursor}`)
    expect(rest.body).toMatchObject({ children: [{ child: { id: second.id } }], nextCursor: null })
  })
  it('each look is one fact for each child that is shown', async () => {
    const child = await makePerson(world.deps)
    const parent = await parentOf(child)
    await as(parent).get('/api/dashboard/parent')
    const { rows } = await world.database.pool.query(
      "select payload from events where type = 'child.viewed' and user_id = $1",
      [parent.id],
    )
    expect(rows).toEqual([{ payload: { parentId: parent.id, childId: child.id, what: 'dashboard' } }])
  })
  it('200 without a child that has taken the link back', async () => {
    const child = await makePerson(world.deps)
    const parent = await parentOf(child)
    await as(child).delete(`/api/users/me/guardians/${parent.id}`)
    expect((await as(parent).get('/api/dashboard/parent')).body.children).toEqual([])
  })
  it('400: a cursor that is none, an unknown field', async () => {
    const parent = as(await makePerson(world.deps, { role: 'parent' }))
    for (const query of ['cursor=x', 'child=x', 'limit=0'])
      expect((await parent.get(`/api/dashboard/parent?${query}`)).status).toBe(400)
  })
})

describe('a dashboard that is another role’s', () => {
  it('403 for the others, admins too, and 401 for nobody', async () => {
    const people = await Promise.all(
      (['student', 'parent', 'instructor', 'admin'] as const).map((role) => makePerson(world.deps, { role })),
    )
    for (const dashboard of ['student', 'parent']) {
      for (const person of people.filter(({ role }) => role !== dashboard))
        expect((await as(person).get(`/api/dashboard/${dashboard}`)).body.code).toBe('forbidden')
      expect((await world.client.get(`/api/dashboard/${dashboard}`)).status).toBe(401)
    }
  })
})
