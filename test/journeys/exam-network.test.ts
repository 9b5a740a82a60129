import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeQuiz, makeStudent } from '../../src/modules/assessments/factory.ts'
import type { NewQuestion } from '../../src/modules/assessments/schemas.ts'
import { type Random, randomOf } from '../proof/random.ts'
import { badNetwork, type Received } from '../support/bad-network.ts'
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

const counts: Record<string, number> = {}

interface Said {
  readonly value: number
  readonly sequence: number
}

/** A device that sends what it has until it is acknowledged, and remembers what it sent and what was acknowledged. */
function deviceOf(network: ReturnType<typeof badNetwork>, attemptId: string) {
  const unsent = new Map<string, Said>()
  const acknowledged = new Map<string, Said>()
  const said = new Map<number, number>()
  let sequence = 0
  return {
    acknowledged,
    unsent,
    said,
    choose(questionId: string, value: number) {
      said.set(++sequence, value)
      unsent.set(questionId, { value, sequence })
    },
    async sync(): Promise<Received | null> {
      const answers = [...unsent].map(([questionId, answer]) => ({ questionId, ...answer }))
      if (answers.length === 0) return null
      const answer = await network.send({
        method: 'PUT',
        path: `/api/attempts/${attemptId}/answers`,
        body: { answers },
      })
      if (answer?.status !== 200) return answer
      for (const { questionId, value, sequence } of answers) {
        acknowledged.set(questionId, { value, sequence })
        if (unsent.get(questionId)?.sequence === sequence) unsent.delete(questionId)
      }
      return answer
    },
  }
}

/** A student who begins the exam over the bad network; nothing of theirs goes by any other way. */
async function beginExam(random: Random, timeLimitSeconds: number) {
  const quiz = await makeQuiz(world.deps, {
    exam: true,
    quiz: { questions, passPercent: 50, maxAttempts: 1, timeLimitSeconds, shuffle: true },
  })
  const person = await makeStudent(world.deps, quiz)
  const network = badNetwork(world.url, person.accessToken, random)
  const { status, body } = await network.insist({ method: 'POST', path: `/api/quizzes/${quiz.id}/attempts` })
  expect([200, 201]).toContain(status)
  const attempt = body as { id: string; questions: { id: string; text: string }[] }
  const read = () => network.insist({ method: 'GET', path: `/api/attempts/${attempt.id}` })
  return { network, attempt, read, quiz, device: deviceOf(network, attempt.id) }
}

/** The student goes to and fro, answers and changes their mind; now and then the device sends what it has. */
async function workOn({ network, attempt, device }: Awaited<ReturnType<typeof beginExam>>, random: Random) {
  for (let step = 0; step < 80; step++) {
    const question = random.pick(attempt.questions)
    if (question) device.choose(question.id, random.between(0, 150))
    if (random.happens(0.6)) await device.sync()
    if (random.happens(0.1)) await network.release()
    world.clock.advance({ seconds: 1 })
  }
}

type Answers = (Said & { questionId: string })[]

/** All that was acknowledged is there, or something newer; and nothing is there that was never said. */
function expectKept(answers: Answers, { acknowledged, said }: ReturnType<typeof deviceOf>): void {
  const there = new Map(answers.map((answer) => [answer.questionId, answer]))
  for (const [questionId, { sequence }] of acknowledged)
    expect(there.get(questionId)?.sequence, `seed ${seed}`).toBeGreaterThanOrEqual(sequence)
  for (const { value, sequence } of answers) expect(value, `seed ${seed}`).toBe(said.get(sequence))
}

async function expectGradedOnce(attemptId: string): Promise<void> {
  const { rows } = await world.database.pool.query(
    `select from events where type = 'attempt.submitted' and payload->>'attemptId' = $1`,
    [attemptId],
  )
  expect(rows).toHaveLength(1)
}

function count(network: ReturnType<typeof badNetwork>): void {
  for (const [what, many] of Object.entries(network.counts)) counts[what] = (counts[what] ?? 0) + many
}

it.each([1, 2, 3, 4, 5])(
  'an exam over a network that loses, cuts, doubles and reorders: no acknowledged answer is lost (%s)',
  async (round) => {
    const random = randomOf(seed + round)
    const exam = await beginExam(random, 3_600)
    const { network, attempt, read, device, quiz } = exam
    await workOn(exam, random)
    // In the middle of it the device is started anew.
    expectKept((await read()).body.answers, device)

    // At the end the right answers to half of the questions, sent until all are acknowledged; what is still on its way arrives after.
    for (const question of attempt.questions) {
      const [, factor = ''] = /What is (\d+)/.exec(question.text) ?? []
      device.choose(question.id, Number(factor) % 2 === 0 ? Number(factor) ** 2 : -1)
    }
    while (device.unsent.size > 0) expect([200, undefined]).toContain((await device.sync())?.status)
    await network.release()
    const submit = { method: 'POST', path: `/api/attempts/${attempt.id}/submit` } as const
    expect((await network.insist(submit)).status).toBe(200)
    await network.release()

    const { body: graded } = await read()
    expect(graded).toMatchObject({ status: 'submitted', scorePercent: 50, passed: true })
    const kept = new Map(graded.answers.map(({ questionId, ...said }: Answers[number]) => [questionId, said]))
    expect(kept, `seed ${seed}`).toEqual(device.acknowledged)
    await expectGradedOnce(attempt.id)

    // With the lesson the course is completed.
    const { body: progress } = await network.insist({
      method: 'GET',
      path: `/api/progress/course/${quiz.courseId}`,
    })
    const { lessonId } = progress.lessons[0]
    await network.insist({ method: 'POST', path: '/api/progress/lesson', body: { lessonId } })
    const status = await network.insist({
      method: 'GET',
      path: `/api/courses/${quiz.courseId}/enrollment-status`,
    })
    expect(status.body.status).toBe('completed')
    count(network)
  },
)

it.each([11, 12, 13])(
  'an exam whose time runs out over such a network is graded by the job, with all that was acknowledged (%s)',
  async (round) => {
    const random = randomOf(seed + round)
    const exam = await beginExam(random, 300)
    const { network, attempt, read, device } = exam
    await workOn(exam, random)
    for (const question of attempt.questions) device.choose(question.id, 1_000)
    // The device is away when the time is up. What it still has, and what is on its way, comes too late, before the job and after it.
    world.clock.advance({ seconds: 300 })
    const late = async () => {
      await network.release()
      for (let n = 0; n < 5; n++) {
        const answer = await device.sync()
        if (answer) expect(answer).toMatchObject({ status: 409 })
      }
    }
    await late()
    await world.drain()
    await late()

    const { body: graded } = await read()
    expect(graded.status).toBe('expired')
    expectKept(graded.answers, device)
    expect(graded.answers.every(({ value }: Said) => value !== 1_000)).toBe(true)
    const right = graded.answers.filter(({ questionId, value }: Answers[number]) => {
      const text = attempt.questions.find(({ id }) => id === questionId)?.text ?? ''
      return value === Number(/What is (\d+)/.exec(text)?.[1]) ** 2
    })
    expect(graded.scorePercent).toBe(Math.floor((right.length * 100) / questions.length))
    await expectGradedOnce(attempt.id)
    count(network)
  },
)

it('the network did all of that', () => {
  for (const what of ['lost', 'cut', 'doubled', 'reordered']) expect(counts[what], what).toBeGreaterThan(0)
})
