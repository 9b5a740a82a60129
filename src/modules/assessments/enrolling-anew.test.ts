import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { makeCourse } from '../catalogue/factory.ts'
import { makeEnrollment } from '../enrollments/factory.ts'
import { makeQuiz, makeStudent, quizOf, rightAnswers } from './factory.ts'
import type { NewQuiz } from './schemas.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const as = (person: Person) => world.client.as(person.accessToken)

async function scene(wish: { quiz?: Partial<NewQuiz>; exam?: boolean } = {}) {
  const quiz = await makeQuiz(world.deps, wish)
  const student = await makeStudent(world.deps, quiz)
  const client = as(student)
  const attempts = `/api/quizzes/${quiz.id}/attempts`
  const statusHere = async () =>
    (await client.get(`/api/courses/${quiz.courseId}/enrollment-status`)).body.status
  const cancel = async () => {
    const { body } = await client.get('/api/enrollments/my')
    expect((await client.post(`/api/enrollments/${body.items[0].id}/cancel`)).status).toBe(200)
  }
  const enroll = () => makeEnrollment(world.deps, { student, courseId: quiz.courseId })
  const start = () => client.post(attempts)
  const save = (id: string, answers: unknown[]) => client.put(`/api/attempts/${id}/answers`, { answers })
  const submit = (id: string) => client.post(`/api/attempts/${id}/submit`)
  const card = async () => (await client.get(`/api/quizzes/${quiz.id}`)).body.viewer
  const grant = (body: object, person = quiz.owner) =>
    as(person).post(`/api/quizzes/${quiz.id}/extra-attempts`, body)
  return { quiz, student, client, attempts, statusHere, cancel, enroll, start, save, submit, card, grant }
}

describe('who enrolls anew', () => {
  it('completes the course with a quiz that was passed before, though no attempt is left', async () => {
    const { quiz, client, statusHere, cancel, start, save, submit } = await scene({
      quiz: { maxAttempts: 1 },
    })
    const owner = as(quiz.owner)
    const section = await owner.post('/api/sections', { courseId: quiz.courseId, title: 'More' })
    const lesson = { sectionId: section.body.id, title: 'Text', type: 'text' }
    const text = await owner.post('/api/lessons', lesson)
    const { body } = await start()
    await save(body.id, rightAnswers(body))
    expect((await submit(body.id)).body.passed).toBe(true)
    await cancel()
    expect((await client.post('/api/enrollments', { courseId: quiz.courseId })).status).toBe(201)
    await world.drain()
    expect(await start()).toMatchObject({ status: 409, body: { code: 'attempts_exhausted' } })
    expect(await statusHere()).toBe('active')
    const last = await client.post('/api/progress/lesson', { lessonId: text.body.id, completed: true })
    expect(last.status).toBe(200)
    expect(await statusHere()).toBe('completed')
  })
  it('completes it with an exam that was passed before; one that was taken away since counts for nothing', async () => {
    for (const removed of [false, true]) {
      const { quiz, client, statusHere, cancel, start, save, submit } = await scene({
        exam: true,
        quiz: { maxAttempts: 1 },
      })
      const { body } = await start()
      await save(body.id, rightAnswers(body))
      await submit(body.id)
      if (removed) {
        await as(quiz.owner).delete(`/api/courses/${quiz.courseId}/exam`)
        await as(quiz.owner).put(`/api/courses/${quiz.courseId}/exam`, quizOf())
      }
      await cancel()
      await client.post('/api/enrollments', { courseId: quiz.courseId })
      await world.drain()
      const { body: course } = await client.get(`/api/progress/course/${quiz.courseId}`)
      expect(course.exam.state).toBe(removed ? 'open' : 'passed')
      const [lesson] = course.lessons
      await client.post('/api/progress/lesson', { lessonId: lesson.lessonId, completed: true })
      expect(await statusHere()).toBe(removed ? 'active' : 'completed')
    }
  })
  it('has passed with what the open attempt of before holds', async () => {
    const { cancel, enroll, start, save, statusHere } = await scene({ quiz: { maxAttempts: 1 } })
    const { body } = await start()
    await save(body.id, rightAnswers(body))
    await cancel()
    await enroll()
    await world.drain()
    expect(await statusHere()).toBe('completed')
  })
})

describe('with an enrollment that ended', () => {
  it('403 not_enrolled: nothing is begun, saved or handed in', async () => {
    const { cancel, start, save, submit, client, attempts } = await scene()
    const { body } = await start()
    await save(body.id, rightAnswers(body).slice(0, 1))
    await cancel()
    const refused = { status: 403, body: { code: 'not_enrolled' } }
    expect(await save(body.id, rightAnswers(body))).toMatchObject(refused)
    expect(await submit(body.id)).toMatchObject(refused)
    expect(await start()).toMatchObject(refused)
    expect((await client.get(`/api/attempts/${body.id}`)).body).toMatchObject({ status: 'open' })
    await world.drain()
    expect(await save(body.id, rightAnswers(body))).toMatchObject(refused)
    const { body: closed } = await client.get(`/api/attempts/${body.id}`)
    expect(closed).toMatchObject({ status: 'submitted', scorePercent: 10, passed: false })
    expect((await client.get(attempts)).body.items).toMatchObject([{ id: body.id, status: 'submitted' }])
  })
})

describe('POST /quizzes/:id/extra-attempts', () => {
  it('201: so many more than the quiz allows, also at the same moment', async () => {
    const { quiz, student, start, submit, card, grant } = await scene({ quiz: { maxAttempts: 1 } })
    await submit((await start()).body.id)
    expect(await card()).toMatchObject({ attempts: 1, attemptsLeft: 0 })
    const granted = await Promise.all([
      grant({ userId: student.id }),
      grant({ userId: student.id, count: 2 }),
    ])
    expect(granted.map(({ status }) => status)).toEqual([201, 201])
    expect(Math.max(...granted.map(({ body }) => body.extraAttempts))).toBe(3)
    expect(await card()).toMatchObject({ attempts: 1, attemptsLeft: 3 })
    for (let n = 0; n < 3; n++) {
      const started = await Promise.all([start(), start(), start()])
      expect(new Set(started.map(({ body }) => body.id)).size).toBe(1)
      await submit(started[0].body.id)
    }
    expect(await start()).toMatchObject({ status: 409, body: { code: 'attempts_exhausted' } })
    const other = await makeStudent(world.deps, quiz)
    const { body } = await as(other).get(`/api/quizzes/${quiz.id}`)
    expect(body.viewer).toMatchObject({ attemptsLeft: 1 })
  })
  it('shows what is right of the last attempt when those that were given are used up, too', async () => {
    const { student, start, submit, client, grant } = await scene({
      quiz: { maxAttempts: 1, revealAnswers: 'after_last_attempt' },
    })
    const { body } = await start()
    await grant({ userId: student.id })
    expect((await submit(body.id)).body.results).toBeUndefined()
    await submit((await start()).body.id)
    expect((await client.get(`/api/attempts/${body.id}`)).body.results).toHaveLength(7)
  })
  it('is sent twice with one Idempotency-Key: given once, and said once', async () => {
    const { quiz, student, card, grant } = await scene({ quiz: { maxAttempts: 1 } })
    const path = `/api/quizzes/${quiz.id}/extra-attempts`
    const send = () =>
      as(quiz.owner).post(path, { userId: student.id }, { headers: { 'idempotency-key': quiz.id } })
    expect((await send()).body).toEqual((await send()).body)
    expect(await card()).toMatchObject({ attemptsLeft: 2 })
    await grant({ userId: student.id })
    const { rows } = await world.database.pool.query(
      `select payload from events where type = 'attempts.granted' and payload->>'quizId' = $1`,
      [quiz.id],
    )
    expect(rows.map(({ payload }) => payload)).toEqual(
      [1, 1].map((count) => ({ quizId: quiz.id, courseId: quiz.courseId, userId: student.id, count })),
    )
  })
  it('400, 403, 404: who is not enrolled, too many, another’s course, no quiz', async () => {
    const { quiz, student, grant } = await scene()
    const stranger = await makePerson(world.deps)
    const other = await makeCourse(world.deps)
    for (const body of [{ userId: stranger.id }, { userId: student.id, count: 11 }, {}])
      expect((await grant(body)).status).toBe(400)
    for (const person of [student, other.owner])
      expect((await grant({ userId: student.id }, person)).status).toBe(403)
    const none = await as(quiz.owner).post(`/api/quizzes/${quiz.courseId}/extra-attempts`, {
      userId: student.id,
    })
    expect(none.status).toBe(404)
  })
})
