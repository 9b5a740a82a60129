import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import type { Person } from '../accounts/factory.ts'
import { type MadeQuiz, makeQuiz, makeStudent, rightAnswers } from './factory.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

async function attemptAt(quiz: MadeQuiz, student: Person, right: number): Promise<void> {
  const client = world.client.as(student.accessToken)
  const { body } = await client.post(`/api/quizzes/${quiz.id}/attempts`)
  const answers = rightAnswers(body).slice(0, right)
  if (right > 0) await client.put(`/api/attempts/${body.id}/answers`, { answers })
  await client.post(`/api/attempts/${body.id}/submit`)
  world.clock.advance({ minutes: 1 })
}
async function resultsOf({ id }: MadeQuiz): Promise<unknown[]> {
  const { rows } = await world.database.pool.query(
    `select attempts, best_percent, passed_at, last_at from quiz_results where quiz_id = $1 order by best_percent`,
    [id],
  )
  return rows
}
async function rebuild(): Promise<void> {
  await world.database.pool.query(`select graphile_worker.add_job('assessments.rebuild-results')`)
  await world.drain()
}

describe('quiz results', () => {
  it('are kept with each attempt: how many, the best, the first pass', async () => {
    const quiz = await makeQuiz(world.deps)
    const student = await makeStudent(world.deps, quiz)
    const begun = world.clock.now().getTime()
    const minute = (n: number) => new Date(begun + n * 60_000)
    await attemptAt(quiz, student, 2)
    expect(await resultsOf(quiz)).toEqual([
      { attempts: 1, best_percent: 30, passed_at: null, last_at: minute(0) },
    ])
    await attemptAt(quiz, student, 7)
    await attemptAt(quiz, student, 6)
    expect(await resultsOf(quiz)).toEqual([
      { attempts: 3, best_percent: 100, passed_at: minute(1), last_at: minute(2) },
    ])
  })

  it('that were damaged are logged as errors and repaired by night; those that are right are left alone', async () => {
    const quiz = await makeQuiz(world.deps)
    const students = [await makeStudent(world.deps, quiz), await makeStudent(world.deps, quiz)] as const
    const third = await makeStudent(world.deps, quiz)
    for (const [index, student] of [...students, third].entries()) await attemptAt(quiz, student, 2 + index)
    const right = await resultsOf(quiz)
    const error = vi.spyOn(world.deps.log, 'error')
    await rebuild()
    expect(error).not.toHaveBeenCalled()

    const { pool } = world.database
    await pool.query(`update quiz_results set attempts = 9 where quiz_id = $1 and best_percent = 30`, [
      quiz.id,
    ])
    await pool.query(`delete from quiz_results where quiz_id = $1 and best_percent = 40`, [quiz.id])
    await rebuild()
    expect(await resultsOf(quiz)).toEqual(right)
    expect(error).toHaveBeenCalledTimes(2)
    expect(error.mock.calls.map(([figures]) => figures)).toContainEqual({
      enrollmentId: expect.any(String),
      quizId: quiz.id,
      kept: expect.objectContaining({ attempts: 9, best_percent: 30 }),
      right: expect.objectContaining({ attempts: 1, best_percent: 30 }),
    })
    error.mockRestore()
  })

  it('and attempts are erased with the person', async () => {
    const quiz = await makeQuiz(world.deps, { quiz: { timeLimitSeconds: 60 } })
    const student = await makeStudent(world.deps, quiz)
    const client = world.client.as(student.accessToken)
    await attemptAt(quiz, student, 1)
    await client.post(`/api/quizzes/${quiz.id}/attempts`)
    expect((await client.delete('/api/users/me', { password: student.password })).status).toBe(204)
    world.clock.advance({ minutes: 2 })
    await world.drain()
    const { rows } = await world.database.pool.query(
      `select from attempts where user_id = $1 union all select from quiz_results where quiz_id = $2`,
      [student.id, quiz.id],
    )
    expect(rows).toEqual([])
  })
})
