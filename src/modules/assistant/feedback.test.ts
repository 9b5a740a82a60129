import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Client } from '../../../test/support/http.ts'
import { type ModelServer, openModelServer } from '../../../test/support/model-server.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { quizOf, rightAnswers } from '../assessments/factory.ts'
import { type MadeCourse, makeCourse } from '../catalogue/factory.ts'
import { makeEnrollment } from '../enrollments/factory.ts'

let server: ModelServer
let world: World
beforeAll(async () => {
  server = await openModelServer()
  world = await createWorld({ env: server.env })
})
afterAll(async () => {
  await world.close()
  await server.close()
})

let course: MadeCourse
let student: Person
beforeEach(async () => {
  server.behave()
  course = await makeCourse(world.deps, {
    title: 'Git in 30 days',
    sections: [[{}, {}, { type: 'quiz', body: null }]],
    published: false,
  })
  const owner = as(course.owner)
  await owner.put(`/api/lessons/${course.lessonIds[2]}/quiz`, quizOf({ title: 'Quiz 4' }))
  await owner.post(`/api/courses/${course.id}/publish`)
  student = (await makeEnrollment(world.deps, { courseId: course.id })).student
})

const as = (person: Person): Client => world.client.as(person.accessToken)
const feedback = (client: Client, body: object = {}) =>
  client.post('/api/ai/feedback', { courseId: course.id, ...body })

async function signIn({ email }: Person): Promise<Client> {
  const { body } = await world.client.post('/api/auth/login', { email, password: 'correct horse battery' })
  return world.client.as(body.accessToken)
}

/** Two lessons of three, the quiz among them. */
async function study(): Promise<void> {
  const client = as(student)
  await client.post('/api/progress/lesson', { lessonId: course.lessonIds[0] })
  const { body: card } = await client.get(`/api/courses/${course.id}/quizzes`)
  const { body: attempt } = await client.post(`/api/quizzes/${card.items[0].id}/attempts`)
  await client.put(`/api/attempts/${attempt.id}/answers`, { answers: rightAnswers(attempt) })
  await client.post(`/api/attempts/${attempt.id}/submit`)
}

async function parentOf(child: Person): Promise<Person> {
  const parent = await makePerson(world.deps, { role: 'parent' })
  const { body } = await as(child).post('/api/users/me/guardian-codes')
  await as(parent).post('/api/children', { code: body.code })
  return parent
}

describe('POST /ai/feedback', () => {
  it('200: what the model makes of the real figures, and the figures', async () => {
    await study()
    world.clock.advance({ days: 3 })
    server.script({
      say:
        'You have done {{completed_lessons}} of {{total_lessons}} lessons, {{ progress }} %, and passed {{quiz_1}} with ' +
        '{{quiz_1_best}}. {{remaining_lessons}} remains of {{course}}.',
    })
    const { status, body } = await feedback(await signIn(student))
    expect(status).toBe(200)
    expect(body).toMatchObject({ courseId: course.id, studentId: student.id, cached: false })
    expect(body.feedback).toBe(
      'You have done 2 of 3 lessons, 66%, and passed Quiz 4 with 100%. 1 remains of Git in 30 days.',
    )
    expect(body.figures).toMatchObject({
      completedLessons: 2,
      totalLessons: 3,
      remainingLessons: 1,
      percent: 66,
      daysSinceLastActivity: 3,
      quizzes: [{ title: 'Quiz 4', exam: false, attempts: 1, bestPercent: 100, passed: true }],
    })
    const { body: progress } = await (await signIn(student)).get(`/api/progress/course/${course.id}`)
    expect(progress.course).toMatchObject({ completedLessons: 2, totalLessons: 3, percent: 66 })
  })

  it('tells the model the figures and the titles, and nobody’s name, address or id', async () => {
    await study()
    await feedback(as(student))
    const { material = '', task = '' } = server.asked[0] ?? {}
    expect(JSON.parse(material)).toMatchObject({ course: 'Git in 30 days', progress: '66%' })
    for (const { id, name, email } of [{ ...student, ...(await as(student).get('/api/users/me')).body }])
      for (const secret of [id, name, email]) expect(material + task).not.toContain(secret)
    expect(material).not.toMatch(/[\da-f]{8}-[\da-f]{4}-7/)
  })

  it.each([
    'You have done 7 lessons.',
    // Figures of the student, said of something else.
    'You have done 3 of 3 lessons.',
    'Git in 0 days.',
    'Aim for 95 %.',
    'In 5 days you are there.',
    'That is ½ of it.',
    'That is ٧ of them.',
    'You are {{nearly_there}}.',
    'You have done {{completed_lessons of {{total_lessons}}.',
    'You have {{constructor}}.',
    '{{completed_lessons}}7 lessons.',
    'See https://evil.example.',
  ])('502 ai_failed where it says twice what no figure says: %s', async (said) => {
    server.script({ say: said }, { say: said })
    const { status, body } = await feedback(as(student))
    expect({ status, code: body.code }).toEqual({ status: 502, code: 'ai_failed' })
    expect(JSON.stringify(body)).not.toContain(said)
  })

  it('200 for the same figures: kept; and made anew when they change', async () => {
    await feedback(as(student))
    expect((await feedback(as(student))).body.cached).toBe(true)
    await study()
    expect((await feedback(as(student))).body.cached).toBe(false)
    expect(server.asked).toHaveLength(2)
  })

  it('200: of two with the same figures each has their own', async () => {
    const other = (await makeEnrollment(world.deps, { courseId: course.id })).student
    await feedback(as(student))
    expect((await feedback(as(other))).body.cached).toBe(false)
  })

  it('200 for the owner and a parent, each spoken to as such; the parent’s look is on record', async () => {
    const parent = await parentOf(student)
    for (const [person, words] of [
      [course.owner, 'the teacher'],
      [parent, 'your child'],
      [await makePerson(world.deps, { role: 'admin' }), 'the teacher'],
    ] as const) {
      server.asked.length = 0
      const { status, body } = await feedback(as(person), { studentId: student.id })
      expect({ status, studentId: body.studentId }).toEqual({ status: 200, studentId: student.id })
      if (server.asked[0]) expect(server.asked[0].task).toContain(words)
    }
    const { rows } = await world.database.pool.query(
      `select payload ->> 'what' as what from events where type = 'child.viewed' and user_id = $1`,
      [parent.id],
    )
    expect(rows).toEqual([{ what: 'feedback' }])
  })

  it('403 and 404 for everybody else', async () => {
    const other = (await makeEnrollment(world.deps, { courseId: course.id })).student
    const outsider = await makePerson(world.deps)
    const teacher = await makePerson(world.deps, { role: 'instructor' })
    const parent = await parentOf(other)
    const about = { studentId: student.id }
    expect((await feedback(world.client, about)).status).toBe(401)
    expect((await feedback(as(other), about)).status).toBe(403)
    expect((await feedback(as(teacher), about)).status).toBe(403)
    expect((await feedback(as(parent), about)).status).toBe(404)
    expect((await feedback(as(outsider))).body.code).toBe('not_enrolled')
    expect((await feedback(as(course.owner), { studentId: outsider.id })).status).toBe(404)
    expect((await feedback(as(student), { courseId: student.id })).status).toBe(404)
    await as(course.owner).post(`/api/courses/${course.id}/unpublish`)
    expect((await feedback(as(other), about)).status).toBe(404)
    expect((await feedback(as(outsider))).status).toBe(404)
    expect(server.asked).toEqual([])
  })

  it('400: a body that is none', async () => {
    for (const wish of [{ courseId: 'x' }, { studentId: 'x' }, { figures: {} }])
      expect((await feedback(as(student), wish)).body.code).toBe('validation_failed')
  })
})
