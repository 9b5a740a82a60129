import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Answer } from '../../../test/support/http.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { makeCourse } from '../catalogue/factory.ts'
import { makeEnrollment } from '../enrollments/factory.ts'
import { type MadeQuiz, makeQuiz, makeStudent, quizOf, rightAnswers } from './factory.ts'
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
  const start = () => as(student).post(`/api/quizzes/${quiz.id}/attempts`)
  const save = (id: string, answers: unknown[]) => as(student).put(`/api/attempts/${id}/answers`, { answers })
  const submit = (id: string) => as(student).post(`/api/attempts/${id}/submit`)
  const read = (id: string) => as(student).get(`/api/attempts/${id}`)
  return { quiz, student, start, save, submit, read }
}
async function factsOf(attemptId: string): Promise<unknown[]> {
  const { rows } = await world.database.pool.query(
    `select payload from events where type = 'attempt.submitted' and payload->>'attemptId' = $1`,
    [attemptId],
  )
  return rows.map(({ payload }) => payload)
}
async function courseStatus(quiz: MadeQuiz, student: Person): Promise<string> {
  return (await as(student).get(`/api/courses/${quiz.courseId}/enrollment-status`)).body.status
}

describe('POST /quizzes/:id/attempts', () => {
  it('201: the questions without answers, and the deadline by the server’s clock', async () => {
    const { start, quiz, student } = await scene({ quiz: { timeLimitSeconds: 600 } })
    const { status, body } = await start()
    const at = world.clock.now()
    expect(status).toBe(201)
    expect(body).toMatchObject({
      quizId: quiz.id,
      userId: student.id,
      number: 1,
      status: 'open',
      startedAt: at.toISOString(),
      deadline: new Date(at.getTime() + 600_000).toISOString(),
      answers: [],
    })
    const shape = body.questions.map((question: { type: string }) => [
      question.type,
      Object.keys(question).sort(),
    ])
    const bare = ['id', 'points', 'text', 'type']
    expect(shape).toEqual([
      ['single', ['id', 'options', ...bare.slice(1)]],
      ['multiple', ['id', 'options', ...bare.slice(1)]],
      ['true_false', bare],
      ['numeric', bare],
      ['short_text', bare],
      ['ordering', ['id', 'items', ...bare.slice(1)]],
      ['matching', ['id', 'lefts', 'points', 'rights', 'text', 'type']],
    ])
  })
  it('200: asked again, the one that is open, as it was shuffled', async () => {
    const { start, save } = await scene({ quiz: { shuffle: true } })
    const first = await start()
    await save(first.body.id, rightAnswers(first.body).slice(0, 2))
    const again = await start()
    expect(again.status).toBe(200)
    expect(again.body).toEqual({ ...first.body, answers: rightAnswers(first.body).slice(0, 2) })
  })
  it('201: each attempt has ids of its own for what there is to choose', async () => {
    const { start, submit } = await scene()
    const first = await start()
    await submit(first.body.id)
    const second = await start()
    expect(second.body).toMatchObject({ number: 2 })
    expect(second.body.questions[0].id).toBe(first.body.questions[0].id)
    expect(second.body.questions[0].options[0].id).not.toBe(first.body.questions[0].options[0].id)
  })
  it('409 attempts_exhausted: after the last one, also for who enrolls anew', async () => {
    const { start, submit, quiz, student } = await scene({ quiz: { maxAttempts: 1 } })
    const { body } = await start()
    expect((await start()).body.id).toBe(body.id)
    await submit(body.id)
    expect(await start()).toMatchObject({ status: 409, body: { code: 'attempts_exhausted' } })
    const mine = await as(student).get('/api/enrollments/my')
    await as(student).post(`/api/enrollments/${mine.body.items[0].id}/cancel`)
    await makeEnrollment(world.deps, { student, courseId: quiz.courseId })
    expect(await start()).toMatchObject({ status: 409, body: { code: 'attempts_exhausted' } })
  })
  it('409 lesson_locked: another lesson comes first', async () => {
    const course = await makeCourse(world.deps, { sequential: true, sections: [[{}, { type: 'quiz' }]] })
    const { student } = await makeEnrollment(world.deps, { courseId: course.id })
    const put = await as(course.owner).put(`/api/lessons/${course.lessonIds[1]}/quiz`, quizOf())
    const exam = await as(course.owner).put(`/api/courses/${course.id}/exam`, quizOf())
    for (const quizId of [put.body.id, exam.body.id])
      expect(await as(student).post(`/api/quizzes/${quizId}/attempts`)).toMatchObject({
        status: 409,
        body: { code: 'lesson_locked' },
      })
    await as(student).post('/api/progress/lesson', { lessonId: course.lessonIds[0], completed: true })
    expect((await as(student).post(`/api/quizzes/${put.body.id}/attempts`)).status).toBe(201)
  })
  it('401, 403 not_enrolled, 404', async () => {
    const { quiz } = await scene()
    const stranger = await makePerson(world.deps)
    const path = `/api/quizzes/${quiz.id}/attempts`
    expect((await world.client.post(path)).status).toBe(401)
    expect(await as(stranger).post(path)).toMatchObject({ status: 403, body: { code: 'not_enrolled' } })
    expect(await as(quiz.owner).post(path)).toMatchObject({ status: 403 })
    expect((await as(stranger).post(`/api/quizzes/${quiz.courseId}/attempts`)).status).toBe(404)
    expect((await as(stranger).post('/api/quizzes/one/attempts')).status).toBe(400)
  })
  it('404: a quiz that was taken away; what is open may be handed in, and counts for nothing', async () => {
    const { start, save, submit, quiz, student } = await scene()
    const { body } = await start()
    await as(quiz.owner).post(`/api/courses/${quiz.courseId}/unpublish`)
    await as(quiz.owner).delete(`/api/lessons/${quiz.lessonId}/quiz`)
    expect((await start()).status).toBe(404)
    await save(body.id, rightAnswers(body))
    expect((await submit(body.id)).body).toMatchObject({ status: 'submitted', scorePercent: 100 })
    expect(await courseStatus(quiz, student)).toBe('active')
    expect((await as(student).get(`/api/quizzes/${quiz.id}/attempts`)).body.items).toHaveLength(1)
  })
})

describe('PUT /attempts/:id/answers', () => {
  it('200: saved as one goes; what is not sent stays', async () => {
    const { start, save, read } = await scene()
    const { body } = await start()
    const answers = rightAnswers(body)
    expect((await save(body.id, answers.slice(0, 3))).status).toBe(200)
    const second = await save(body.id, answers.slice(3))
    expect(second.body.answers).toEqual(answers)
    expect((await read(body.id)).body).toEqual({ ...second.body, questions: body.questions })
  })
  it('200 without the questions, which it neither reads nor sends', async () => {
    const { start, save } = await scene()
    const { body } = await start()
    world.statements.length = 0
    const saved = await save(body.id, rightAnswers(body))
    expect(saved.body).not.toHaveProperty('questions')
    expect(world.statements.filter((text) => /"questions"|answer_key|select \*/.test(text))).toEqual([])
  })
  it('200: nothing to save is nothing wrong, and 500 questions are not too many', async () => {
    const questions = Array.from({ length: 500 }, (_, n) => ({
      type: 'numeric' as const,
      text: `What is ${n} + ${n}?`,
      points: 1,
      answer: n + n,
    }))
    const { start, save, submit } = await scene({ quiz: { questions, shuffle: true } })
    const { body } = await start()
    expect(await save(body.id, [])).toMatchObject({ status: 200, body: { answers: [] } })
    expect((await save(body.id, rightAnswers(body, questions))).status).toBe(200)
    expect((await submit(body.id)).body).toMatchObject({ scorePercent: 100, passed: true })
  })
  it('200: an older answer never replaces a newer one, and a repeated one changes nothing', async () => {
    const { start, save } = await scene()
    const { body } = await start()
    const { id: questionId } = body.questions[3]
    await save(body.id, [{ questionId, value: 7, sequence: 7 }])
    world.statements.length = 0
    const late = await save(body.id, [{ questionId, value: 3, sequence: 3 }])
    await save(body.id, [{ questionId, value: 70, sequence: 7 }])
    expect(world.statements.filter((text) => text.startsWith('update'))).toEqual([])
    expect(late).toMatchObject({ status: 200, body: { answers: [{ questionId, value: 7, sequence: 7 }] } })
    const newer = await save(body.id, [{ questionId, value: null, sequence: 8 }])
    expect(newer.body.answers).toEqual([{ questionId, value: null, sequence: 8 }])
  })
  it('200 in three statements: the attempt, whether its enrollment lives, the update', async () => {
    const { start, save } = await scene()
    const { body } = await start()
    world.statements.length = 0
    await save(body.id, rightAnswers(body))
    const said = world.statements.filter((text) => !/^(begin|commit|start)/i.test(text))
    expect(said.map((text) => text.split(' ')[0])).toEqual(['select', 'select', 'update'])
  })

  const bad: [string, number, (question: Shown) => unknown][] = [
    ['an option of another question', 0, () => '019a3b5e-7c1d-7e2a-9f40-5b6c7d8e9f01'],
    ['a list for a single one', 0, ({ options }) => [options[0].id]],
    ['an option twice', 1, ({ options }) => [options[0].id, options[0].id]],
    ['a text for options', 1, ({ options }) => options[0].id],
    ['a text for true or false', 2, () => 'true'],
    ['a text for a number', 3, () => '42'],
    ['a number for a text', 4, () => 42],
    ['not all items', 5, ({ items }) => [items[0].id]],
    ['an item twice', 5, ({ items }) => [items[0].id, items[0].id, items[1].id, items[2].id]],
    ['a left as a right', 6, ({ lefts }) => [{ left: lefts[0].id, right: lefts[1].id }]],
    [
      'a left twice',
      6,
      ({ lefts, rights }) => rights.map((right) => ({ left: lefts[0].id, right: right.id })),
    ],
    ['ids for pairs', 6, ({ lefts }) => [lefts[0].id]],
    ['an object', 2, () => ({ correct: true })],
  ]
  interface Choice {
    id: string
  }
  interface Shown {
    options: [Choice, Choice]
    items: [Choice, Choice, Choice]
    lefts: [Choice, Choice]
    rights: Choice[]
  }
  it.each(bad)('400: %s, by its place, and nothing of it is saved', async (_, index, answerOf) => {
    const { start, save, read } = await scene()
    const { body } = await start()
    const good = rightAnswers(body)[index === 0 ? 1 : 0]
    const wrong = { questionId: body.questions[index].id, value: answerOf(body.questions[index]) }
    const refused = await save(body.id, [good, wrong])
    expect(refused).toMatchObject({ status: 400, body: { code: 'validation_failed' } })
    expect(refused.body.errors[0].path).toMatch(/^\/answers\/1\/value/)
    expect((await read(body.id)).body.answers).toEqual([])
  })
  it('400: a question that is not in the attempt; a number beyond all numbers', async () => {
    const { start, save, student } = await scene()
    const { body } = await start()
    const strange = await save(body.id, [{ questionId: body.id, value: true }])
    expect(strange.body.errors).toMatchObject([{ path: '/answers/0/questionId' }])
    const text = `{"answers":[{"questionId":"${body.questions[3].id}","value":1e999}]}`
    const headers = { 'content-type': 'application/json' }
    const infinite = await as(student).put(`/api/attempts/${body.id}/answers`, text, { headers })
    expect(infinite).toMatchObject({ status: 400, body: { errors: [{ path: '/answers/0/value' }] } })
  })
  it('404: the attempt of another, for reading, saving and handing in', async () => {
    const { start, quiz } = await scene()
    const { body } = await start()
    const other = as(await makeStudent(world.deps, quiz))
    expect((await other.get(`/api/attempts/${body.id}`)).status).toBe(404)
    expect(
      (await other.put(`/api/attempts/${body.id}/answers`, { answers: rightAnswers(body) })).status,
    ).toBe(404)
    expect((await other.post(`/api/attempts/${body.id}/submit`)).status).toBe(404)
  })
  it('409 attempt_closed: after it was handed in', async () => {
    const { start, save, submit, read } = await scene()
    const { body } = await start()
    const { body: closed } = await submit(body.id)
    const late = await save(body.id, rightAnswers(body))
    expect(late).toMatchObject({ status: 409, body: { code: 'attempt_closed' } })
    expect((await read(body.id)).body).toEqual(closed)
  })
})

describe('POST /attempts/:id/submit', () => {
  it('200 in nine statements beside begin and commit, three more where the course completes', async () => {
    const { start, save, submit } = await scene({ quiz: { revealAnswers: 'after_submit' } })
    const { body } = await start()
    await save(body.id, rightAnswers(body))
    world.statements.length = 0
    expect((await submit(body.id)).body).toMatchObject({ passed: true })
    expect(world.statements.filter((text) => !/^(begin|commit|start)/i.test(text))).toHaveLength(9 + 3)
  })
  it('200: graded with what was saved, and the lesson is completed, and with it the course', async () => {
    const { start, save, submit, quiz, student } = await scene()
    const { body } = await start()
    await save(body.id, rightAnswers(body))
    const done = await submit(body.id)
    expect(done).toMatchObject({
      status: 200,
      body: {
        status: 'submitted',
        scorePercent: 100,
        passed: true,
        submittedAt: world.clock.now().toISOString(),
      },
    })
    const progress = await as(student).get(`/api/progress/course/${quiz.courseId}`)
    expect(progress.body).toMatchObject({ course: { percent: 100 }, lessons: [{ state: 'completed' }] })
    expect(await courseStatus(quiz, student)).toBe('completed')
  })
  it('200: a question of a third of a point, answered rightly, is shown as correct', async () => {
    const question = { type: 'numeric' as const, text: 'How much?', answer: 1 }
    const questions = [1 / 3, 0.1 + 0.2].map((points) => ({ ...question, points }))
    const { start, save, submit } = await scene({ quiz: { questions } })
    const { body } = await start()
    const [first, second] = body.questions
    await save(body.id, [
      { questionId: first.id, value: 1 },
      { questionId: second.id, value: 2 },
    ])
    const { results } = (await submit(body.id)).body
    expect(results).toMatchObject([{ correct: true }, { correct: false, points: 0 }])
  })
  it('200 again and again: the same, graded once', async () => {
    const { start, save, submit } = await scene()
    const { body } = await start()
    await save(body.id, rightAnswers(body).slice(0, 2))
    const first = await submit(body.id)
    world.clock.advance({ minutes: 1 })
    expect(await submit(body.id)).toMatchObject({ status: 200, body: first.body })
    expect(await factsOf(body.id)).toMatchObject([{ scorePercent: 30, passed: false, expired: false }])
  })
  it('does not pass below the mark: the lesson stays open, and there is another try', async () => {
    const { start, save, submit, quiz, student } = await scene({ quiz: { passPercent: 31 } })
    const { body } = await start()
    // 3 of 10 points
    await save(body.id, rightAnswers(body).slice(0, 2))
    expect((await submit(body.id)).body).toMatchObject({ scorePercent: 30, passed: false })
    expect(await courseStatus(quiz, student)).toBe('active')
    const again = await start()
    await save(again.body.id, rightAnswers(again.body).slice(0, 3))
    expect((await submit(again.body.id)).body).toMatchObject({ scorePercent: 40, passed: true })
    expect(await courseStatus(quiz, student)).toBe('completed')
  })
  it('the exam: with all lessons it completes the course, and not before', async () => {
    const { start, save, submit, quiz, student } = await scene({ exam: true })
    const { body } = await start()
    await save(body.id, rightAnswers(body))
    expect((await submit(body.id)).body).toMatchObject({ passed: true })
    expect(await courseStatus(quiz, student)).toBe('active')
    const progress = await as(student).get(`/api/progress/course/${quiz.courseId}`)
    await as(student).post('/api/progress/lesson', { lessonId: progress.body.lessons[0].lessonId })
    expect(await courseStatus(quiz, student)).toBe('completed')
  })
  it('a change of the quiz changes no attempt that began before', async () => {
    const { start, save, submit, read, quiz } = await scene({ quiz: { passPercent: 60 } })
    const { body } = await start()
    const path = `/api/lessons/${quiz.lessonId}/quiz`
    const single = { type: 'true_false', text: 'Other?', points: 1, answer: false } as const
    await as(quiz.owner).put(path, quizOf({ passPercent: 100, questions: [single] }))
    expect((await read(body.id)).body.questions).toEqual(body.questions)
    await save(body.id, rightAnswers(body).slice(0, 6))
    const { body: graded } = await submit(body.id)
    expect(graded).toMatchObject({ scorePercent: 80, passed: true })
    await as(quiz.owner).put(path, quizOf({ passPercent: 100 }))
    expect((await read(body.id)).body).toEqual(graded)
  })
})

describe('the time limit', () => {
  const quiz = { timeLimitSeconds: 60 }
  it('takes what comes within the grace of the network, and after it 409 deadline_passed', async () => {
    const { start, save } = await scene({ quiz })
    const { body } = await start()
    const [first, second, third] = rightAnswers(body)
    world.clock.advance({ seconds: 60 })
    expect((await save(body.id, [first])).status).toBe(200)
    world.clock.advance({ seconds: 5 })
    expect((await save(body.id, [second])).status).toBe(200)
    world.clock.advance({ seconds: 1 })
    expect(await save(body.id, [third])).toMatchObject({ status: 409, body: { code: 'deadline_passed' } })
  })
  it('is graded by a job with what was saved, once, as expired', async () => {
    const { start, save, submit, read } = await scene({ quiz })
    const { body } = await start()
    await save(body.id, rightAnswers(body))
    await world.drain()
    expect((await read(body.id)).body.status).toBe('open')
    world.clock.advance({ seconds: 66 })
    await world.drain()
    const { body: expired } = await read(body.id)
    expect(expired).toMatchObject({
      status: 'expired',
      scorePercent: 100,
      passed: true,
      submittedAt: body.deadline,
    })
    expect(await submit(body.id)).toMatchObject({ status: 200, body: expired })
    expect(await factsOf(body.id)).toMatchObject([{ expired: true }])
  })
  it('handed in late, before the job came, it is graded as saved; and one may begin anew', async () => {
    const { start, save, submit } = await scene({ quiz })
    const { body } = await start()
    await save(body.id, rightAnswers(body).slice(0, 2))
    world.clock.advance({ seconds: 66 })
    expect((await submit(body.id)).body).toMatchObject({ status: 'expired', scorePercent: 30 })
    const second = await start()
    expect(second).toMatchObject({ status: 201, body: { number: 2 } })
    world.clock.advance({ seconds: 66 })
    expect(await start()).toMatchObject({ status: 201, body: { number: 3 } })
    await world.drain()
    expect(await factsOf(second.body.id)).toHaveLength(1)
  })
})

describe('GET /quizzes/:id/attempts', () => {
  it('200: own ones newest first; for owners those of all or of one', async () => {
    const { start, submit, quiz, student } = await scene()
    const ids: string[] = []
    for (let n = 0; n < 3; n++) {
      const { body } = await start()
      ids.unshift(body.id)
      await submit(body.id)
    }
    const other = await makeStudent(world.deps, quiz)
    const { body: of } = await as(other).post(`/api/quizzes/${quiz.id}/attempts`)
    const path = `/api/quizzes/${quiz.id}/attempts`
    const listed = ({ body }: Answer): string[] => body.items.map(({ id }: { id: string }) => id)
    const mine = await as(student).get(`${path}?limit=2`)
    expect(listed(mine)).toEqual(ids.slice(0, 2))
    expect(listed(await as(student).get(`${path}?limit=2&cursor=${mine.body.nextCursor}`))).toEqual(
      ids.slice(2),
    )
    expect(mine.body.items[0]).toMatchObject({
      number: 3,
      status: 'submitted',
      scorePercent: 0,
      passed: false,
    })
    expect(listed(await as(quiz.owner).get(path))).toEqual([of.id, ...ids])
    expect(listed(await as(quiz.owner).get(`${path}?userId=${student.id}`))).toEqual(ids)
    expect((await as(student).get(`${path}?userId=${other.id}`)).status).toBe(404)
    expect((await as(student).get(`${path}?cursor=x`)).status).toBe(400)
    expect((await as(await makePerson(world.deps)).get(path)).status).toBe(403)
  })
})
