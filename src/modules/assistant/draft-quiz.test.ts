import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Client } from '../../../test/support/http.ts'
import { type ModelServer, openModelServer } from '../../../test/support/model-server.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { makePerson } from '../accounts/factory.ts'
import { oneOfEach } from '../assessments/factory.ts'
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
let owner: Client
let lessonId: string
beforeEach(async () => {
  server.behave()
  const body = `**git add** stages a change.\nWhat is staged, \`git commit\` takes. Number ${Math.random()}.`
  course = await makeCourse(world.deps, {
    sections: [[{ body }, { type: 'quiz', body: null }]],
    published: false,
  })
  lessonId = course.lessonIds[0] ?? ''
  owner = world.client.as(course.owner.accessToken)
})

const citation = 'git add stages a change'
const cited = oneOfEach.map((question) => ({ ...question, citation }))
const say = (questions: unknown, title: unknown = 'Staging') => ({
  say: JSON.stringify({ title, questions }),
})
const draft = (wish: object = {}, client = owner) =>
  client.post('/api/ai/quiz', { lessonId, count: 20, ...wish })

describe('POST /ai/quiz', () => {
  it('200: a draft in the shape of a quiz, each question with its passage; nothing is saved', async () => {
    server.script(say(cited))
    const { status, body } = await draft()
    expect(status).toBe(200)
    expect(body).toMatchObject({ drafted: true, title: 'Staging', passPercent: 70 })
    expect(body.questions).toEqual(cited)
    expect((await owner.get(`/api/courses/${course.id}/quizzes`)).body.items).toEqual([])
  })

  it.each([
    ['the quiz of a lesson', () => `/api/lessons/${course.lessonIds[1]}/quiz`],
    ['an exam', () => `/api/courses/${course.id}/exam`],
  ])('200: sent back as it is, it is saved as %s like any other, its marks gone', async (_name, path) => {
    server.script(say(cited))
    const { body } = await draft()
    const saved = await owner.put(path(), body)
    expect(saved.status).toBe(200)
    expect(saved.body.questions).toHaveLength(cited.length)
    expect(JSON.stringify((await owner.get(path())).body)).not.toMatch(/drafted|citation/)
    const { rows } = await world.database.pool.query('select questions::text from quizzes where id = $1', [
      saved.body.id,
    ])
    expect(rows[0].questions).not.toContain('citation')
  })

  it('200: a fence of Markdown around the JSON is none of it', async () => {
    server.script({ say: `\`\`\`json\n${say(cited).say}\n\`\`\`` })
    expect((await draft()).status).toBe(200)
  })

  const [good] = cited
  it.each([
    ['a citation that the lesson does not have', { ...good, citation: 'git push sends a change' }],
    ['a citation of a few letters', { ...good, citation: 'a change' }],
    ['no citation', oneOfEach[0]],
    [
      'no right answer',
      {
        ...good,
        options: [
          { text: 'a', correct: false },
          { text: 'b', correct: false },
        ],
      },
    ],
    ['fields of another type', { ...good, answer: true }],
    ['an unknown field', { ...good, sql: 'drop table users' }],
    ['points without bound', { ...good, points: 1e9 }],
    ['a link from nowhere', { ...good, explanation: 'See https://evil.example' }],
    ['a tag from nowhere', { ...good, text: 'What <script>is</script> it?' }],
    ['half of a surrogate pair', { ...good, explanation: 'Since \ud83d is one' }],
    ['a citation with what cannot be seen', { ...good, citation: `git add\u202e ${'stages a change'}` }],
    ['nothing of a question', 'Which one?'],
    ['null', null],
  ])('200 without a question that has %s', async (_name, bad) => {
    server.script(say([bad, cited[2]]))
    expect((await draft()).body.questions).toEqual([cited[2]])
  })

  it('200: at most so many, of the types that were asked for, which the model is told', async () => {
    server.script(say([...cited, ...cited]))
    const { body } = await draft({ count: 2, types: ['numeric', 'true_false'] })
    expect(body.questions.map(({ type }: { type: string }) => type)).toEqual(['true_false', 'numeric'])
    expect(server.asked[0]?.task).toMatch(/quiz of 2 questions/)
    expect(server.asked[0]?.task).not.toMatch(/ordering|matching/)
  })

  it.each([
    ['no JSON', { say: 'Here is your quiz: one, two.' }],
    ['half of it', { say: say(cited).say.slice(0, 200) }],
    ['a list', { say: JSON.stringify(cited) }],
    ['null', { say: 'null' }],
    ['no questions', say([])],
    ['questions that are none', say('one, two')],
    ['no title', say(cited, null)],
    ['no question that could be taken', say([{ ...good, citation: 'nowhere to be found' }])],
  ])('502 ai_failed after a second try: %s', async (_name, turn) => {
    server.script(turn, turn)
    const { status, body } = await draft()
    expect({ status, code: body.code }).toEqual({ status: 502, code: 'ai_failed' })
    expect(server.asked).toHaveLength(2)
  })

  it('200, the same draft again at no cost; with fresh another one, which takes its place', async () => {
    const first = await draft({ count: 1 })
    expect((await draft({ count: 1 })).body).toEqual(first.body)
    expect(server.asked).toHaveLength(1)
    server.script(say(cited.slice(0, 1), 'Another'))
    expect((await draft({ count: 1, fresh: true })).body.title).toBe('Another')
    expect((await draft({ count: 1 })).body.title).toBe('Another')
    expect(server.asked).toHaveLength(2)
  })

  it('403 for others, the students of a published course too; 404 of a draft', async () => {
    const stranger = await makePerson(world.deps, { role: 'instructor' })
    expect((await draft({}, world.client.as(stranger.accessToken))).status).toBe(404)
    await owner.put(`/api/lessons/${course.lessonIds[1]}/quiz`, quiz)
    await owner.post(`/api/courses/${course.id}/publish`)
    expect((await draft({}, world.client.as(stranger.accessToken))).status).toBe(403)
    const { student } = await makeEnrollment(world.deps, { courseId: course.id, student: stranger })
    expect((await draft({}, world.client.as(student.accessToken))).status).toBe(403)
    expect((await draft({}, world.client)).status).toBe(401)
    expect(server.asked).toEqual([])
  })

  it('400: how many and of which types', async () => {
    const wrong = [{ count: 0 }, { count: 21 }, { count: 1.5 }, { types: [] }, { types: ['essay'] }]
    for (const wish of [...wrong, { types: ['single', 'single'] }, { lessonId: 'x' }, { save: true }])
      expect((await draft(wish)).body.code).toBe('validation_failed')
  })

  it('409 lesson_without_text', async () => {
    const { body } = await draft({ lessonId: course.lessonIds[1] })
    expect(body).toMatchObject({ status: 409, code: 'lesson_without_text' })
  })
})

const quiz = { title: 'Quiz', passPercent: 50, revealAnswers: 'never', questions: [...oneOfEach] }
