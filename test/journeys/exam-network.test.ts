import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeQuiz, makeStudent } from '../../src/modules/assessments/factory.ts'
import type { NewQuestion } from '../../src/modules/assessments/schemas.ts'
import { type Random, randomOf } from '../proof/random.ts'
import type { Answer, Client } from '../support/http.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const seed = Number(process.env.PROOF_SEED ?? 20_261_121)
const questions: NewQuestion[] = Array.from({ length: 12 }, (_, index) => ({
  type: 'numeric',
  text: `What is ${index} times ${index}?`,
  points: 1,
  answer: index * index,
}))

type Save = (answers: readonly { questionId: string; value: number; sequence: number }[]) => Promise<Answer>

const counts = { lost: 0, doubled: 0, reordered: 0, late: 0 }

/**
 * A network that does wrong with every third request: it loses it on the way there, or the answer on the way back, delivers it twice, or
 * holds it back until others have passed it. Null is what the student's device sees of what was lost.
 */
function badNetwork(random: Random) {
  const held: (() => Promise<unknown>)[] = []
  return {
    async send(request: () => Promise<Answer>): Promise<Answer | null> {
      if (!random.happens(0.3)) return request()
      const fate = random.pick(['lost there', 'lost back', 'doubled', 'reordered'] as const)
      if (fate === 'doubled') {
        counts.doubled++
        const [first] = await Promise.all([request(), request()])
        return first
      }
      if (fate === 'reordered') {
        counts.reordered++
        held.push(request)
        return null
      }
      counts.lost++
      if (fate === 'lost back') await request()
      return null
    },
    /** Some of what was held back arrives now, in whatever order; at the end all of it. */
    async release(rest = false): Promise<void> {
      while (held.length > 0 && (rest || random.happens(0.05))) {
        const [late] = held.splice(random.between(0, held.length - 1), 1)
        await late?.()
        if (rest) counts.late++
      }
    },
  }
}

/** A device that sends what it has until it is acknowledged, and remembers what was. */
function deviceOf(network: ReturnType<typeof badNetwork>, save: Save) {
  const unsent = new Map<string, { value: number; sequence: number }>()
  const acknowledged = new Map<string, { value: number; sequence: number }>()
  let sequence = 0
  return {
    acknowledged,
    unsent,
    choose(questionId: string, value: number) {
      unsent.set(questionId, { value, sequence: ++sequence })
    },
    async sync(): Promise<void> {
      const batch = [...unsent].map(([questionId, answer]) => ({ questionId, ...answer }))
      if (batch.length === 0) return
      const answer = await network.send(() => save(batch))
      if (answer === null) return
      expect(answer.status).toBe(200)
      for (const { questionId, value, sequence } of batch) {
        acknowledged.set(questionId, { value, sequence })
        if (unsent.get(questionId)?.sequence === sequence) unsent.delete(questionId)
      }
    },
  }
}

async function beginExam(): Promise<{
  student: Client
  attempt: { id: string; questions: { id: string; text: string }[] }
  courseId: string
}> {
  const quiz = await makeQuiz(world.deps, {
    exam: true,
    quiz: { questions, passPercent: 50, maxAttempts: 1, timeLimitSeconds: 3_600, shuffle: true },
  })
  const student = world.client.as((await makeStudent(world.deps, quiz)).accessToken)
  const { status, body } = await student.post(`/api/quizzes/${quiz.id}/attempts`)
  expect(status).toBe(201)
  return { student, attempt: body, courseId: quiz.courseId }
}

it.each([1, 2, 3, 4, 5])(
  'an exam over a network that loses, doubles and reorders: no acknowledged answer is lost (%s)',
  async (round) => {
    const random = randomOf(seed + round)
    const network = badNetwork(random)
    const { student, attempt, courseId } = await beginExam()
    const save: Save = (answers) => student.put(`/api/attempts/${attempt.id}/answers`, { answers })
    const device = deviceOf(network, save)

    // The student goes to and fro, answers and changes their mind; now and then the device sends what it has.
    for (let step = 0; step < 80; step++) {
      const question = random.pick(attempt.questions)
      if (question) device.choose(question.id, random.between(0, 150))
      if (random.happens(0.6)) await device.sync()
      await network.release()
      world.clock.advance({ seconds: 1 })
    }
    // In the middle of it the device is started anew, and finds all that was acknowledged, or something newer.
    const { body: resumed } = await student.get(`/api/attempts/${attempt.id}`)
    const there = new Map<string, { sequence: number }>(
      resumed.answers.map((answer: { questionId: string; sequence: number }) => [answer.questionId, answer]),
    )
    for (const [questionId, { sequence }] of device.acknowledged)
      expect(there.get(questionId)?.sequence, `seed ${seed}`).toBeGreaterThanOrEqual(sequence)

    // At the end the right answers to half of the questions, sent until all are acknowledged; what is still on its way arrives after.
    for (const question of attempt.questions) {
      const [, factor = ''] = /What is (\d+)/.exec(question.text) ?? []
      device.choose(question.id, Number(factor) % 2 === 0 ? Number(factor) ** 2 : -1)
    }
    while (device.unsent.size > 0) await device.sync()
    await network.release(true)

    const submits: (Answer | null)[] = []
    while (!submits.some((answer) => answer !== null))
      submits.push(await network.send(() => student.post(`/api/attempts/${attempt.id}/submit`)))
    await network.release(true)
    const { body: graded } = await student.get(`/api/attempts/${attempt.id}`)
    for (const answer of graded.answers)
      expect(device.acknowledged.get(answer.questionId), `seed ${seed}`).toEqual({
        value: answer.value,
        sequence: answer.sequence,
      })
    expect(graded).toMatchObject({ status: 'submitted', scorePercent: 50, passed: true })
    expect(graded.answers).toHaveLength(questions.length)

    // And after all that it was graded once: with the lesson the course is completed.
    const { body: progress } = await student.get(`/api/progress/course/${courseId}`)
    await student.post('/api/progress/lesson', { lessonId: progress.lessons[0].lessonId })
    expect((await student.get(`/api/courses/${courseId}/enrollment-status`)).body.status).toBe('completed')
    const { rows } = await world.database.pool.query(
      `select from events where type = 'attempt.submitted' and payload->>'attemptId' = $1`,
      [attempt.id],
    )
    expect(rows).toHaveLength(1)
  },
)

it('the network did all of that', () => {
  for (const [what, count] of Object.entries(counts)) expect(count, what).toBeGreaterThan(0)
})
