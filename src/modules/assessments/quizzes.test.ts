import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import { newId } from '../../platform/ids.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { makeCourse } from '../catalogue/factory.ts'
import { type MadeQuiz, makeQuiz, makeStudent, oneOfEach, quizOf } from './factory.ts'

let world: World
let owner: Person
beforeAll(async () => {
  world = await createWorld()
  owner = await makePerson(world.deps, { role: 'instructor' })
})
afterAll(() => world.close())

const as = (person: Person) => world.client.as(person.accessToken)
const examOf = ({ courseId }: { courseId: string }) => `/api/courses/${courseId}/exam`
async function quizLesson(): Promise<{ courseId: string; path: string }> {
  const course = await makeCourse(world.deps, { owner, sections: [[{ type: 'quiz' }]] })
  return { courseId: course.id, path: `/api/lessons/${course.lessonIds[0]}/quiz` }
}
const good = { type: 'true_false', text: 'So?', points: 1, answer: true }

describe('PUT, GET and DELETE of the quiz of a lesson', () => {
  it('200: a quiz of all seven types comes back as it was sent', async () => {
    const { courseId, path } = await quizLesson()
    const quiz = quizOf({ timeLimitSeconds: 600, maxAttempts: 3, shuffle: true })
    const put = await as(owner).put(path, quiz)
    expect(put).toMatchObject({
      status: 200,
      body: {
        courseId,
        title: 'What stuck?',
        passPercent: 70,
        timeLimitSeconds: 600,
        maxAttempts: 3,
        shuffle: true,
        revealAnswers: 'after_submit',
        questions: oneOfEach.map((question) => ({ ...question, id: expect.any(String), tags: [] })),
        draw: [],
        version: 1,
      },
    })
    expect(await as(owner).get(path)).toMatchObject({ status: 200, body: put.body })
  })
  it('200: replaced whole, it keeps its id and the ids of questions that are sent back', async () => {
    const { path } = await quizLesson()
    const first = await as(owner).put(path, quizOf({ maxAttempts: 3 }))
    const [kept] = first.body.questions
    const { tags: _, ...sent } = kept
    const second = await as(owner).put(
      path,
      quizOf({ questions: [good as never, { ...sent, text: 'Changed?' }] }),
    )
    expect(second).toMatchObject({
      status: 200,
      body: {
        id: first.body.id,
        version: 2,
        questions: [{ text: 'So?' }, { id: kept.id, text: 'Changed?' }],
      },
    })
    expect(second.body).not.toHaveProperty('maxAttempts')
  })
  it('200: what GET answered is sent back as it is, and nothing but its version changes', async () => {
    const { path } = await quizLesson()
    await as(owner).put(path, quizOf({ timeLimitSeconds: 60, shuffle: true }))
    const { body: got } = await as(owner).get(path)
    const put = await as(owner).put(path, got)
    expect(put).toMatchObject({ status: 200, body: { ...got, version: 2, updatedAt: expect.any(String) } })
    const odd = { ...got, version: 99, courseId: newId(), createdAt: 'whenever' }
    expect((await as(owner).put(path, odd)).body).toMatchObject({ courseId: got.courseId, version: 3 })
  })
  it.each(['quiz', 'exam'])(
    '412 stale: an %s that was changed since, by If-Match; else 200',
    async (kind) => {
      const { path: quizPath, courseId } = await quizLesson()
      const path = kind === 'quiz' ? quizPath : examOf({ courseId })
      const put = (tag: string) => as(owner).put(path, quizOf(), { headers: { 'if-match': tag } })
      expect(await put('"1"')).toMatchObject({ status: 412, body: { code: 'stale' } })
      expect(await put('*')).toMatchObject({ status: 412, body: { code: 'stale' } })
      const firsts = await Promise.all([put('"0"'), put('"0"'), put('"0"')])
      expect(firsts.map(({ status }) => status).toSorted()).toEqual([200, 412, 412])
      const tag = (await as(owner).get(path)).headers.get('etag') ?? ''
      expect(tag).toMatch(/^"1/)
      const tries = await Promise.all([put(tag), put(tag), put(tag)])
      expect(tries.map(({ status }) => status).toSorted()).toEqual([200, 412, 412])
      expect(tries.find(({ status }) => status === 200)?.headers.get('etag')).toMatch(/^"2/)
      expect((await put('*')).status).toBe(200)
    },
  )
  it('400 /questions: more than 1 MB of them', async () => {
    const { path } = await quizLesson()
    const long = { ...good, explanation: 'é'.repeat(9_000) }
    const put = (count: number) =>
      as(owner).put(path, quizOf({ questions: Array.from({ length: count }, () => long as never) }))
    expect(await put(60)).toMatchObject({ status: 400, body: { errors: [{ path: '/questions' }] } })
    expect((await put(50)).status).toBe(200)
  })
  it('404 before there is one; 204, then 404, when it is taken away', async () => {
    const { courseId, path } = await quizLesson()
    await as(owner).post(`/api/courses/${courseId}/unpublish`)
    expect((await as(owner).get(path)).status).toBe(404)
    expect((await as(owner).delete(path)).status).toBe(404)
    await as(owner).put(path, quizOf())
    expect((await as(owner).delete(path)).status).toBe(204)
    expect((await as(owner).get(path)).status).toBe(404)
    expect((await as(owner).put(path, quizOf())).body).toMatchObject({ version: 1 })
  })
  it('409 not_a_quiz_lesson: a text has no quiz', async () => {
    const { lessonIds } = await makeCourse(world.deps, { owner })
    const refused = await as(owner).put(`/api/lessons/${lessonIds[0]}/quiz`, quizOf())
    expect(refused).toMatchObject({ status: 409, body: { code: 'not_a_quiz_lesson' } })
  })
  it('one quiz, when two are put at the same moment', async () => {
    const { path } = await quizLesson()
    const puts = await Promise.all([1, 2, 3].map((n) => as(owner).put(path, quizOf({ title: `Quiz ${n}` }))))
    expect(puts.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(new Set(puts.map(({ body }) => body.id)).size).toBe(1)
    expect((await as(owner).get(path)).body.version).toBe(3)
  })
  it('401, 403, 404: for the owners only, and a draft is known to nobody else', async () => {
    const { path, courseId } = await quizLesson()
    await as(owner).put(path, quizOf())
    const student = await makeStudent(world.deps, { courseId })
    const other = await makePerson(world.deps, { role: 'instructor' })
    const draft = await makeCourse(world.deps, { owner, published: false, sections: [[{ type: 'quiz' }]] })
    expect((await world.client.get(path)).status).toBe(401)
    for (const who of [student, other]) {
      expect((await as(who).get(path)).status).toBe(403)
      expect((await as(who).put(path, quizOf())).status).toBe(403)
      expect((await as(who).delete(path)).status).toBe(403)
    }
    expect((await as(other).get(`/api/lessons/${draft.lessonIds[0]}/quiz`)).status).toBe(404)
    expect((await as(owner).get(`/api/lessons/${courseId}/quiz`)).status).toBe(404)
  })

  const bad: [string, unknown, string][] = [
    [
      'no right answer',
      {
        questions: [
          {
            ...good,
            type: 'single',
            answer: undefined,
            options: [
              { text: 'a', correct: false },
              { text: 'b', correct: false },
            ],
          },
        ],
      },
      '/questions/0/options',
    ],
    [
      'two right answers of one',
      {
        questions: [
          good,
          {
            ...good,
            type: 'single',
            answer: undefined,
            options: [
              { text: 'a', correct: true },
              { text: 'b', correct: true },
            ],
          },
        ],
      },
      '/questions/1/options',
    ],
    ['a pass mark over 100', { passPercent: 101 }, '/passPercent'],
    ['a pass mark of nothing', { passPercent: 0 }, '/passPercent'],
    ['half a percent', { passPercent: 70.5 }, '/passPercent'],
    ['no questions', { questions: [] }, '/questions'],
    ['10,000 questions', { questions: Array.from({ length: 10_000 }, () => good) }, '/questions'],
    ['points of nothing', { questions: [{ ...good, points: 0 }] }, '/questions/0/points'],
    ['no points', { questions: [{ ...good, points: undefined }] }, '/questions/0/points'],
    [
      'a negative tolerance',
      { questions: [{ ...good, type: 'numeric', answer: 1, tolerance: -1 }] },
      '/questions/0/tolerance',
    ],
    ['an unknown type', { questions: [{ ...good, type: 'essay' }] }, '/questions/0/type'],
    ['an unknown field', { questions: [{ ...good, hint: 'no' }] }, '/questions/0/hint'],
    ['a reveal that there is not', { revealAnswers: 'sometimes' }, '/revealAnswers'],
    ['a time limit of nothing', { timeLimitSeconds: 0 }, '/timeLimitSeconds'],
    ['no attempts', { maxAttempts: 0 }, '/maxAttempts'],
    ['no title', { title: ' ' }, '/title'],
    [
      'an option of another kind',
      { questions: [{ ...good, type: 'single', answer: undefined, options: ['a', 'b'] }] },
      '/questions/0/options/0',
    ],
    ['a draw of more than there are', { draw: [{ count: 1 }] }, '/draw/0/count'],
    [
      'a draw of what is not in the bank',
      { draw: [{ count: 1, questionIds: ['019a3b5e-7c1d-7e2a-9f40-5b6c7d8e9f01'] }] },
      '/draw/0/questionIds',
    ],
  ]
  it.each(bad)('400: %s, by its place, and nothing changes', async (_, change, place) => {
    const { path } = await quizLesson()
    const { status, body } = await as(owner).put(path, { ...quizOf(), ...(change as object) })
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'validation_failed' })
    expect(body.errors.map((error: { path: string }) => error.path)).toContain(place)
    expect((await as(owner).get(path)).status).toBe(404)
  })
  it('400: an answer that is no number in JSON’s own range', async () => {
    const { path } = await quizLesson()
    const text = JSON.stringify(quizOf({ questions: [{ type: 'numeric', text: '?', points: 1, answer: 7 }] }))
    const headers = { 'content-type': 'application/json' }
    const { status, body } = await as(owner).put(path, text.replace('"answer":7', '"answer":1e999'), {
      headers,
    })
    expect({ status, path: body.errors[0].path }).toEqual({ status: 400, path: '/questions/0/answer' })
  })
})

describe('the exam of a course', () => {
  it('200, 204: put, read and taken away, and the course knows that it has one', async () => {
    const course = await makeCourse(world.deps, { owner })
    const path = examOf({ courseId: course.id })
    const exam = await as(owner).put(path, quizOf({ title: 'Final exam' }))
    expect(exam).toMatchObject({ status: 200, body: { title: 'Final exam', courseId: course.id } })
    expect(exam.body).not.toHaveProperty('lessonId')
    const student = await makeStudent(world.deps, { courseId: course.id })
    const progress = async () => (await as(student).get(`/api/progress/course/${course.id}`)).body
    expect((await progress()).exam).toMatchObject({ quizId: exam.body.id, state: 'open' })
    expect((await as(owner).delete(path)).status).toBe(204)
    expect(await progress()).not.toHaveProperty('exam')
  })
})

describe('GET /quizzes/:id and /courses/:id/quizzes', () => {
  let quiz: MadeQuiz
  let student: Person
  beforeAll(async () => {
    quiz = await makeQuiz(world.deps, { owner, quiz: { maxAttempts: 2, timeLimitSeconds: 60 } })
    student = await makeStudent(world.deps, quiz)
  })
  it('200: what one may know before beginning, and nothing of the questions', async () => {
    const { status, body } = await as(student).get(`/api/quizzes/${quiz.id}`)
    expect(status).toBe(200)
    expect(body).toEqual({
      id: quiz.id,
      courseId: quiz.courseId,
      lessonId: quiz.lessonId,
      title: 'What stuck?',
      passPercent: 70,
      timeLimitSeconds: 60,
      maxAttempts: 2,
      shuffle: false,
      revealAnswers: 'after_submit',
      questionCount: 7,
      viewer: { attempts: 0, attemptsLeft: 2, passed: false },
    })
  })
  it('200: with where one stands, in at most three statements', async () => {
    const { body: attempt } = await as(student).post(`/api/quizzes/${quiz.id}/attempts`)
    world.statements.length = 0
    const { body } = await as(student).get(`/api/courses/${quiz.courseId}/quizzes`)
    expect(world.statements.length).toBeLessThanOrEqual(3)
    expect(body.items).toMatchObject([
      { id: quiz.id, viewer: { attempts: 0, attemptsLeft: 1, openAttemptId: attempt.id } },
    ])
    await as(student).post(`/api/attempts/${attempt.id}/submit`)
    expect((await as(student).get(`/api/quizzes/${quiz.id}`)).body.viewer).toEqual({
      attempts: 1,
      attemptsLeft: 1,
      bestScorePercent: 0,
      passed: false,
    })
  })
  it('403 not_enrolled for others, 404 where there is none', async () => {
    const stranger = await makePerson(world.deps)
    for (const path of [`/api/quizzes/${quiz.id}`, `/api/courses/${quiz.courseId}/quizzes`])
      expect(await as(stranger).get(path)).toMatchObject({ status: 403, body: { code: 'not_enrolled' } })
    expect((await as(student).get(`/api/quizzes/${quiz.courseId}`)).status).toBe(404)
  })
})
