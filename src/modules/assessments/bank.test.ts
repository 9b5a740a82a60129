import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Client } from '../../../test/support/http.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { newId } from '../../platform/ids.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { type MadeCourse, makeCourse } from '../catalogue/factory.ts'
import { makeStudent, oneOfEach, quizOf } from './factory.ts'
import type { Draw, NewQuestion } from './schemas.ts'

let world: World
let owner: Person
beforeAll(async () => {
  world = await createWorld()
  owner = await makePerson(world.deps, { role: 'instructor' })
})
afterAll(() => world.close())

const as = (person: Person) => world.client.as(person.accessToken)
const question = (text: string, tags: string[] = []): NewQuestion => ({
  type: 'true_false',
  text,
  points: 1,
  answer: true,
  tags,
})
const bankOf = ({ id }: { id: string }) => `/api/courses/${id}/questions`

async function fill(course: MadeCourse, texts: readonly string[], tags?: string[]): Promise<string[]> {
  const ids: string[] = []
  for (const text of texts) ids.push((await as(owner).post(bankOf(course), question(text, tags))).body.id)
  return ids
}
/** Makes the texts of a bank’s questions so long, but for the small ones. */
async function grow({ id }: MadeCourse, length: number): Promise<void> {
  await world.database.pool.query(
    "update bank_questions set question = question || $2 where course_id = $1 and question->>'text' <> 'small'",
    [id, JSON.stringify({ text: 'x'.repeat(length) })],
  )
}
async function quizCourse(): Promise<MadeCourse & { quizPath: string }> {
  const course = await makeCourse(world.deps, { owner, sections: [[{ type: 'quiz' }]] })
  return { ...course, quizPath: `/api/lessons/${course.lessonIds[0]}/quiz` }
}
/** The questions of a student’s next attempts. */
async function attemptsAt(quizId: string, student: Client, count: number): Promise<string[][]> {
  const drawn: string[][] = []
  for (let n = 0; n < count; n++) {
    const { body } = await student.post(`/api/quizzes/${quizId}/attempts`)
    drawn.push(body.questions.map(({ text }: { text: string }) => text))
    await student.post(`/api/attempts/${body.id}/submit`)
  }
  return drawn
}

describe('the bank of a course', () => {
  it('201, 200, 204: questions are added, listed by tag, changed and taken out', async () => {
    const course = await quizCourse()
    const path = bankOf(course)
    for (const said of oneOfEach)
      expect(await as(owner).post(path, said)).toMatchObject({
        status: 201,
        body: { ...said, courseId: course.id, tags: [] },
      })
    const tagged = await as(owner).post(path, question('Tagged?', ['loops', ' loops ', 'basics']))
    expect(tagged.body.tags).toEqual(['loops', 'basics'])
    const page = await as(owner).get(`${path}?limit=5`)
    const rest = await as(owner).get(`${path}?limit=5&cursor=${page.body.nextCursor}`)
    expect([...page.body.items, ...rest.body.items]).toHaveLength(8)
    expect((await as(owner).get(`${path}?tag=loops`)).body.items).toMatchObject([{ id: tagged.body.id }])

    const one = `${path}/${tagged.body.id}`
    const change = { text: 'Changed?', tags: ['other'], explanation: 'Since.' }
    expect(await as(owner).patch(one, change)).toMatchObject({
      status: 200,
      body: { ...change, type: 'true_false', answer: true },
    })
    expect((await as(owner).patch(one, { explanation: null })).body).not.toHaveProperty('explanation')
    expect(await as(owner).patch(one, { type: 'numeric' })).toMatchObject({
      status: 400,
      body: { errors: [{ path: '/answer' }] },
    })
    expect((await as(owner).delete(one)).status).toBe(204)
    expect((await as(owner).delete(one)).status).toBe(404)
    expect((await as(owner).patch(one, change)).status).toBe(404)
  })
  it('400: more than 32 KB in a question, added or changed', async () => {
    const path = bankOf(await quizCourse())
    const options = Array.from({ length: 20 }, (_, n) => ({
      text: `${n} ${'x'.repeat(1_900)}`,
      correct: true,
    }))
    const large = { type: 'multiple', text: '?', points: 1, options }
    const refused = {
      status: 400,
      body: { errors: [{ path: '', message: expect.stringContaining('32 KB') }] },
    }
    expect(await as(owner).post(path, large)).toMatchObject(refused)
    const { status, body } = await as(owner).post(path, { ...large, options: options.slice(5) })
    expect(status).toBe(201)
    expect(await as(owner).patch(`${path}/${body.id}`, { options })).toMatchObject(refused)
  })
  it('400 names what is wrong; 401, 403 and 404 for who may not', async () => {
    const course = await quizCourse()
    const path = bankOf(course)
    const student = await makeStudent(world.deps, { courseId: course.id })
    const { body } = await as(owner).post(path, {
      ...question('?'),
      type: 'ordering',
      answer: undefined,
      items: ['a'],
    })
    expect(body.errors).toMatchObject([{ path: '/items' }])
    expect((await world.client.get(path)).status).toBe(401)
    expect((await as(student).get(path)).status).toBe(403)
    expect((await as(student).post(path, question('?'))).status).toBe(403)
    const other = await quizCourse()
    const [id] = await fill(other, ['Elsewhere?'])
    expect((await as(owner).delete(`${path}/${id}`)).status).toBe(404)
  })
})

describe('a quiz that draws from the bank', () => {
  it('draws at random for each attempt, by tag and by name, none twice, beside its own', async () => {
    const course = await quizCourse()
    const loops = Array.from({ length: 6 }, (_, n) => `loop ${n}`)
    await fill(course, loops, ['loops'])
    const [named] = await fill(course, ['named'])
    const quiz = quizOf({
      questions: [question('own')],
      draw: [{ count: 4 }, { count: 2, tag: 'loops' }, { count: 1, questionIds: [named ?? ''] }],
    })
    const put = await as(owner).put(course.quizPath, quiz)
    expect(put).toMatchObject({ status: 200, body: { draw: quiz.draw } })
    const student = as(await makeStudent(world.deps, { courseId: course.id }))
    expect((await student.get(`/api/quizzes/${put.body.id}`)).body.questionCount).toBe(8)
    const drawn = await attemptsAt(put.body.id, student, 8)
    for (const texts of drawn) {
      expect(texts).toHaveLength(8)
      expect(new Set(texts).size).toBe(8)
      expect(texts).toEqual(expect.arrayContaining(['own', 'named']))
    }
    expect(new Set(drawn.map((texts) => texts.join())).size).toBeGreaterThan(1)
  })
  it('is saved, and attempted, with one statement on the bank for all its draws', async () => {
    const course = await quizCourse()
    await fill(course, ['a', 'b', 'c'], ['x'])
    const draw = [{ count: 1 }, { count: 1, tag: 'x' }, { count: 1 }]
    world.statements.length = 0
    const put = await as(owner).put(course.quizPath, quizOf({ questions: [], draw }))
    expect(world.statements.filter((text) => text.includes('bank_questions'))).toHaveLength(1)
    const student = as(await makeStudent(world.deps, { courseId: course.id }))
    world.statements.length = 0
    const { body } = await student.post(`/api/quizzes/${put.body.id}/attempts`)
    expect(world.statements.filter((text) => text.includes('bank_questions'))).toHaveLength(1)
    expect(body.questions.map(({ text }: { text: string }) => text).toSorted()).toEqual(['a', 'b', 'c'])
  })
  it('400 names each draw that finds too little', async () => {
    const course = await quizCourse()
    await fill(course, ['a', 'b'], ['x'])
    const draw = [
      { count: 3 },
      { count: 2, tag: 'x' },
      { count: 1, tag: 'y' },
      { count: 1, questionIds: [newId()] },
    ]
    const { status, body } = await as(owner).put(course.quizPath, quizOf({ questions: [], draw }))
    expect(status).toBe(400)
    expect(body.errors.map(({ path }: { path: string }) => path)).toEqual([
      '/draw/0/count',
      '/draw/2/count',
      '/draw/3/questionIds',
    ])
  })
  it('400 /draw/n: more than 1 MB of questions that might be drawn, the largest first', async () => {
    const course = await quizCourse()
    await fill(course, ['small'], ['small'])
    const ids = await fill(
      course,
      Array.from({ length: 40 }, (_, n) => `large ${n}`),
    )
    await grow(course, 25_000)
    const put = (draw: Draw[]) => as(owner).put(course.quizPath, quizOf({ questions: [], draw }))
    expect((await put([{ count: 39 }])).status).toBe(200)
    expect(await put([{ count: 40 }, { count: 1, tag: 'small' }])).toMatchObject({
      status: 400,
      body: { errors: [{ path: '/draw/0' }, { path: '/draw/1' }] },
    })
    expect(await put([{ count: 20 }, { count: 30, questionIds: ids }])).toMatchObject({
      status: 400,
      body: { errors: [{ path: '/draw/1' }] },
    })
  })
  it('draws fewer where questions grew to more than 1 MB since, and never asks more than that', async () => {
    const course = await quizCourse()
    await fill(
      course,
      Array.from({ length: 60 }, (_, n) => `question ${n}`),
    )
    const put = await as(owner).put(
      course.quizPath,
      quizOf({ questions: [question('own')], draw: [{ count: 60 }] }),
    )
    await grow(course, 30_000)
    const student = as(await makeStudent(world.deps, { courseId: course.id }))
    const { status, body } = await student.post(`/api/quizzes/${put.body.id}/attempts`)
    expect(status).toBe(201)
    expect(body.questions).toHaveLength(1 + 33)
    expect(JSON.stringify(body).length).toBeLessThan(1_010_000)
  })
  it('draws what is left where the bank has shrunk; 409 quiz_empty where nothing is', async () => {
    const course = await quizCourse()
    const ids = await fill(course, ['a', 'b'])
    const put = await as(owner).put(course.quizPath, quizOf({ questions: [], draw: [{ count: 2 }] }))
    const student = as(await makeStudent(world.deps, { courseId: course.id }))
    await as(owner).delete(`${bankOf(course)}/${ids[0]}`)
    expect(await attemptsAt(put.body.id, student, 1)).toEqual([['b']])
    await as(owner).delete(`${bankOf(course)}/${ids[1]}`)
    expect(await student.post(`/api/quizzes/${put.body.id}/attempts`)).toMatchObject({
      status: 409,
      body: { code: 'quiz_empty' },
    })
  })
  it('an attempt keeps what it drew, whatever becomes of it', async () => {
    const course = await quizCourse()
    const [id] = await fill(course, ['before'])
    const put = await as(owner).put(course.quizPath, quizOf({ questions: [], draw: [{ count: 1 }] }))
    const student = as(await makeStudent(world.deps, { courseId: course.id }))
    const { body } = await student.post(`/api/quizzes/${put.body.id}/attempts`)
    await as(owner).patch(`${bankOf(course)}/${id}`, { text: 'after', answer: false })
    await student.put(`/api/attempts/${body.id}/answers`, { answers: [{ questionId: id, value: true }] })
    expect((await student.post(`/api/attempts/${body.id}/submit`)).body).toMatchObject({
      questions: [{ text: 'before' }],
      scorePercent: 100,
    })
  })
})
