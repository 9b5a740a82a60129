import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Answer } from '../../../test/support/http.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import type { Person } from '../accounts/factory.ts'
import { makeQuiz, makeStudent, rightAnswers } from './factory.ts'
import type { NewQuiz } from './schemas.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const as = (person: Person) => world.client.as(person.accessToken)
const times = <T>(count: number, ask: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => ask(index)))
const statuses = (answers: readonly Answer[]) => answers.map(({ status }) => status).sort()

async function scene(quiz: Partial<NewQuiz> = {}) {
  const made = await makeQuiz(world.deps, { quiz })
  const student = await makeStudent(world.deps, made)
  const start = () => as(student).post(`/api/quizzes/${made.id}/attempts`)
  const submit = (id: string) => as(student).post(`/api/attempts/${id}/submit`)
  const save = (id: string, answers: unknown[]) => as(student).put(`/api/attempts/${id}/answers`, { answers })
  const rows = async (table: string) =>
    (await world.database.pool.query(`select * from ${table} where quiz_id = $1`, [made.id])).rows
  return { quiz: made, student, start, submit, save, rows }
}
async function submissionsOf(attemptId: string): Promise<number> {
  const { rows } = await world.database.pool.query(
    `select from events where type = 'attempt.submitted' and payload->>'attemptId' = $1`,
    [attemptId],
  )
  return rows.length
}

describe('at the same moment', () => {
  it('many starts: one attempt, made once and given to all', async () => {
    const { start, rows } = await scene({ timeLimitSeconds: 60 })
    const started = await times(8, start)
    expect(statuses(started)).toEqual([...Array(7).fill(200), 201])
    expect(new Set(started.map(({ body }) => JSON.stringify(body))).size).toBe(1)
    expect(await rows('attempts')).toHaveLength(1)
    const { rows: jobs } = await world.database.pool.query(
      `select from graphile_worker._private_jobs where payload->>'attemptId' = $1`,
      [started[0]?.body.id],
    )
    expect(jobs).toHaveLength(1)
  })

  it('many starts at the limit: never more attempts than there may be', async () => {
    const { start, submit, rows } = await scene({ maxAttempts: 2 })
    for (let number = 1; number <= 2; number++) {
      const started = await times(6, start)
      expect(new Set(started.map(({ body }) => body.number))).toEqual(new Set([number]))
      await submit(started[0]?.body.id)
    }
    const refused = await times(6, start)
    expect(new Set(refused.map(({ status, body }) => `${status} ${body.code}`))).toEqual(
      new Set(['409 attempts_exhausted']),
    )
    expect(await rows('attempts')).toHaveLength(2)
  })

  it('starts and submits on end: numbers without gaps, and each attempt graded once', async () => {
    const { start, submit, rows } = await scene({ maxAttempts: 5 })
    const answers = await times(4, async () => {
      const seen: Answer[] = []
      for (let turn = 0; turn < 6; turn++) {
        const started = await start()
        seen.push(started)
        if (started.status < 300) seen.push(await submit(started.body.id))
      }
      return seen
    })
    expect(new Set(statuses(answers.flat()))).toEqual(new Set([200, 201, 409]))
    const attempts = await rows('attempts')
    expect(attempts.map(({ number }) => number).sort()).toEqual([1, 2, 3, 4, 5])
    for (const { id } of attempts) expect(await submissionsOf(id)).toBe(1)
    expect(await rows('quiz_results')).toMatchObject([{ attempts: 5 }])
  })

  it('many submits: graded once, the same for all', async () => {
    const { start, submit, save, rows } = await scene()
    const { body } = await start()
    await save(body.id, rightAnswers(body))
    const submitted = await times(8, () => submit(body.id))
    expect(statuses(submitted)).toEqual(Array(8).fill(200))
    expect(new Set(submitted.map((answer) => JSON.stringify(answer.body))).size).toBe(1)
    expect(await submissionsOf(body.id)).toBe(1)
    expect(await rows('quiz_results')).toMatchObject([{ attempts: 1, best_percent: 100 }])
  })

  it('saves and a submit: what was acknowledged is graded, what was not is not', async () => {
    for (let round = 0; round < 6; round++) {
      const { start, submit, save } = await scene()
      const { body } = await start()
      const right = rightAnswers(body)
      const [saves, submitted] = await Promise.all([
        times(right.length, (index) => save(body.id, [right[index]])),
        submit(body.id),
      ])
      const kept = right
        .filter((_, index) => saves[index]?.status === 200)
        .map(({ questionId }) => questionId)
      expect(saves.every(({ status }) => status === 200 || status === 409)).toBe(true)
      const { answers, results } = submitted.body
      expect(answers.map((answer: { questionId: string }) => answer.questionId).sort()).toEqual(kept.sort())
      const correct = results.filter((result: { correct: boolean }) => result.correct)
      expect(correct.map((result: { questionId: string }) => result.questionId).sort()).toEqual(kept)
    }
  })

  it('the end of time and a late submit: graded once', async () => {
    const { start, submit, save } = await scene({ timeLimitSeconds: 60 })
    const { body } = await start()
    await save(body.id, rightAnswers(body))
    world.clock.advance({ seconds: 66 })
    const [submitted] = await Promise.all([submit(body.id), submit(body.id), world.drain()])
    expect(submitted).toMatchObject({ status: 200, body: { status: 'expired', scorePercent: 100 } })
    expect(await submissionsOf(body.id)).toBe(1)
  })
})
