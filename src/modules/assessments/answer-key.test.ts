import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Client } from '../../../test/support/http.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import type { AnswerIn } from './attempt-schemas.ts'
import { makeQuiz, makeStudent, oneOfEach, rightAnswers } from './factory.ts'
import type { NewQuiz } from './schemas.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

// What a student must not find: the texts of the key, and the names under which it would stand.
const traces =
  /KEY-|42\.4242|"(correct|correctAnswer|accepted|explanation|tolerance|answerKey|answer_key|results|pairs)"/

/** All that a student can GET, with whatever ids there are in whatever place. */
async function walk(client: Client, ids: readonly string[]): Promise<string[]> {
  const routes = world.app.policies.filter(
    ({ method, hidden, policy }) =>
      method === 'GET' && !hidden && (policy.roles?.includes('student') ?? true),
  )
  const paths = routes.flatMap(({ url }) => {
    // Of several ids the first stands for the course, as it does in all such paths.
    const inner = url.replace(/:\w+(?=.*:)/, ids[0] ?? '')
    return inner.includes(':') ? ids.map((id) => inner.replace(/:\w+/, id)) : [inner]
  })
  const found = await Promise.all(
    paths.map(async (path) => {
      const said = JSON.stringify((await client.get(path)).body) ?? ''
      // What the dashboard calls results are scores; whatever else stands in them is looked for.
      const trace = traces.exec(path === '/api/dashboard/student' ? said.replace('"results":', '') : said)
      return trace ? [`${path} says ${trace[0]}`] : []
    }),
  )
  return found.flat()
}

/** A student’s right answers, in other words than the key’s. */
function knownAnswers(attempt: Parameters<typeof rightAnswers>[0]): AnswerIn[] {
  return rightAnswers(attempt).map(({ questionId, value }) => {
    if (typeof value === 'number') return { questionId, value: 42.5 }
    return { questionId, value: typeof value === 'string' ? value.toLowerCase() : value }
  })
}

describe('the answer key', () => {
  type Case = [NewQuiz['revealAnswers'], { afterOne: boolean; afterPass: boolean; afterLast: boolean }]
  const cases: Case[] = [
    ['never', { afterOne: false, afterPass: false, afterLast: false }],
    ['after_submit', { afterOne: true, afterPass: true, afterLast: true }],
    ['after_pass', { afterOne: false, afterPass: true, afterLast: true }],
    ['after_last_attempt', { afterOne: false, afterPass: false, afterLast: true }],
  ]
  it.each(cases)(
    '%s: leaves only where that allows it',
    { timeout: 60_000 },
    async (revealAnswers, allowed) => {
      const quiz = await makeQuiz(world.deps, { quiz: { revealAnswers, maxAttempts: 3 } })
      const person = await makeStudent(world.deps, quiz)
      const student = world.client.as(person.accessToken)
      const classmate = world.client.as((await makeStudent(world.deps, quiz)).accessToken)
      const ids = [quiz.courseId, quiz.lessonId ?? '', quiz.id, person.id]
      const attempts: string[] = []

      /** Nobody finds anything; or it is in the attempts of the student, and nowhere else. */
      async function expectHidden(hidden: boolean): Promise<void> {
        const found = await walk(student, [...ids, ...attempts])
        if (hidden) expect(found).toEqual([])
        else expect(found.every((leak) => leak.startsWith('/api/attempts/'))).toBe(true)
        expect(found.length > 0).toBe(!hidden)
      }
      async function start() {
        const { body } = await student.post(`/api/quizzes/${quiz.id}/attempts`)
        expect(JSON.stringify(body)).not.toMatch(traces)
        attempts.push(body.id)
        return body
      }
      async function hand(attempt: { id: string }, answers: AnswerIn[], shown: boolean): Promise<void> {
        if (answers.length > 0) {
          const saved = await student.put(`/api/attempts/${attempt.id}/answers`, { answers })
          expect(saved.status).toBe(200)
          expect(JSON.stringify(saved.body)).not.toMatch(traces)
        }
        const { body } = await student.post(`/api/attempts/${attempt.id}/submit`)
        expect(traces.test(JSON.stringify(body))).toBe(shown)
        if (shown) expect(body.results).toHaveLength(oneOfEach.length)
        await world.drain()
      }

      const first = await start()
      await expectHidden(true)
      await hand(first, [], allowed.afterOne)
      await expectHidden(!allowed.afterOne)
      const second = await start()
      await expectHidden(!allowed.afterOne)
      await hand(second, knownAnswers(second), allowed.afterPass)
      await expectHidden(!allowed.afterPass)
      await hand(await start(), [], allowed.afterLast)
      await expectHidden(!allowed.afterLast)
      for (const other of [classmate, world.client])
        expect(await walk(other, [...ids, ...attempts])).toEqual([])
    },
  )

  it('is there for owners, in attempts that are closed', async () => {
    const quiz = await makeQuiz(world.deps, { quiz: { revealAnswers: 'never' } })
    const student = world.client.as((await makeStudent(world.deps, quiz)).accessToken)
    const owner = world.client.as(quiz.owner.accessToken)
    const { body } = await student.post(`/api/quizzes/${quiz.id}/attempts`)
    const path = `/api/attempts/${body.id}`
    expect(JSON.stringify((await owner.get(path)).body)).not.toMatch(traces)
    await student.put(`${path}/answers`, { answers: knownAnswers(body) })
    expect((await student.post(`${path}/submit`)).body).not.toHaveProperty('results')
    const { results } = (await owner.get(path)).body
    expect(results.map((result: { correct: boolean }) => result.correct)).toEqual(Array(7).fill(true))
    expect(results[0]).toMatchObject({
      questionId: body.questions[0].id,
      points: 1,
      correctAnswer: rightAnswers(body)[0]?.value,
      explanation: 'Because of KEY-single.',
    })
    expect(results[3]).toMatchObject({ correctAnswer: 42.4242, tolerance: 0.5 })
    expect(results[4]).toMatchObject({ correctAnswer: ['KEY-Crème', 'KEY-other'] })
  })

  it('is not in a person’s archive', async () => {
    const quiz = await makeQuiz(world.deps)
    const student = world.client.as((await makeStudent(world.deps, quiz)).accessToken)
    const { body } = await student.post(`/api/quizzes/${quiz.id}/attempts`)
    await student.post(`/api/attempts/${body.id}/submit`)
    const archive = (await student.get('/api/users/me/export')).body
    expect(archive.assessments.attempts).toMatchObject([{ id: body.id, questions: body.questions }])
    expect(JSON.stringify(archive)).not.toMatch(traces)
  })
})
