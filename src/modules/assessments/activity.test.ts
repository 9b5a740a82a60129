import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import { actorFor } from '../catalogue/factory.ts'
import { expireAttempt } from './expire-attempt.ts'
import { makeQuiz, makeStudent, rightAnswers } from './factory.ts'
import { presentAttempt } from './present.ts'
import { saveAnswers } from './save-answers.ts'
import type { NewQuiz } from './schemas.ts'
import { startAttempt } from './start-attempt.ts'
import { submitAttempt } from './submit-attempt.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

async function scene(terms: Partial<NewQuiz> = {}) {
  const quiz = await makeQuiz(world.deps, { quiz: terms })
  const student = await makeStudent(world.deps, quiz)
  const on = (time: string) => ({ ...actorFor(student, world.deps), at: new Date(`2027-03-01T${time}Z`) })
  const { transact } = world.deps
  const begin = async (time: string) =>
    presentAttempt((await transact((tx) => startAttempt(tx, on(time), quiz.id))).attempt)
  return {
    quiz,
    student,
    begin,
    save: (attemptId: string, time: string, answers: ReturnType<typeof rightAnswers>) =>
      transact((tx) => saveAnswers(tx, on(time), { attemptId, answers })),
    submit: (attemptId: string, time: string) => transact((tx) => submitAttempt(tx, on(time), attemptId)),
    expire: (attemptId: string, time: string) =>
      transact((tx) => expireAttempt(tx, { userId: null, at: on(time).at }, attemptId)),
    async active(): Promise<string[]> {
      const { rows } = await world.database.pool.query(
        `select to_json(moment at time zone 'UTC')#>>'{}' as moment
         from activity_days, active_moments(day, quarters) moment where user_id = $1 order by 1`,
        [student.id],
      )
      return rows.map(({ moment }) => moment.slice(11, 16))
    },
  }
}

describe('an attempt as activity', () => {
  it('is noted when it is begun, handed in, and worked on in another quarter of an hour', async () => {
    const { begin, save, submit, active } = await scene()
    const attempt = await begin('08:01:00')
    const answers = rightAnswers(attempt)
    world.statements.length = 0
    await save(attempt.id, '08:14:59', answers.slice(0, 1))
    expect(world.statements.filter((text) => text.includes('note_activity'))).toEqual([])
    await save(attempt.id, '08:15:00', answers.slice(1, 2))
    await save(attempt.id, '09:59:00', answers.slice(2, 3))
    await submit(attempt.id, '10:00:00')
    expect(await active()).toEqual(['08:00', '08:15', '09:45', '10:00'])
  })
  it('that passes when its time is up is an activity of then, not of when the job comes to it', async () => {
    const { begin, save, expire, active } = await scene({ timeLimitSeconds: 600 })
    const attempt = await begin('08:01:00')
    await save(attempt.id, '08:02:00', rightAnswers(attempt))
    await expire(attempt.id, '11:45:00')
    const { rows } = await world.database.pool.query(
      `select completed_at, updated_at from lesson_progress
       where enrollment_id = (select enrollment_id from attempts where id = $1)`,
      [attempt.id],
    )
    const deadline = new Date('2027-03-01T08:11:00Z')
    expect(rows).toEqual([{ completed_at: deadline, updated_at: deadline }])
    expect(await active()).toEqual(['08:00'])
  })
  it('that is missing is logged as an error and noted by night', async () => {
    const { begin, submit, active, student, quiz } = await scene()
    const attempt = await begin('08:01:00')
    await submit(attempt.id, '09:00:00')
    const error = vi.spyOn(world.deps.log, 'error')
    const check = async () => {
      await world.database.pool.query(`select graphile_worker.add_job('assessments.rebuild-results')`)
      await world.drain()
    }
    await check()
    expect(error).not.toHaveBeenCalled()
    await world.database.pool.query('delete from activity_days where user_id = $1', [student.id])
    await check()
    expect(error.mock.calls.map(([missing]) => missing)).toEqual(
      expect.arrayContaining(
        ['08:01', '09:00'].map((time) => ({
          userId: student.id,
          courseId: quiz.courseId,
          at: new Date(`2027-03-01T${time}:00Z`),
        })),
      ),
    )
    expect(await active()).toEqual(['08:00', '09:00'])
    error.mockRestore()
  })
})

describe('attempts and scores of a course by day', () => {
  it('are counted by an index, without reading the attempts', async () => {
    const { begin, submit, quiz } = await scene()
    for (const time of ['08:00:00', '09:00:00']) await submit((await begin(time)).id, time)
    const { pool } = world.database
    const query = `select (submitted_at at time zone 'Asia/Kolkata')::date as day, count(*) as attempts, avg(score_percent) as score
      from attempts where quiz_id = '${quiz.id}' and submitted_at >= '2027-03-01' group by 1`
    expect((await pool.query(query)).rows).toMatchObject([{ attempts: 2, score: 0 }])
    await pool.query('vacuum analyze attempts')
    const client = await pool.connect()
    await client.query('set enable_seqscan = off')
    const { rows } = await client.query(`explain ${query}`)
    await client.query('reset enable_seqscan')
    client.release()
    expect(rows.map((row) => row['QUERY PLAN']).join()).toContain(
      'Index Only Scan using attempts_by_submission',
    )
  })
})
