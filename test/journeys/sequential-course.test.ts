import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Answer, Client } from '../support/http.ts'
import { register } from '../support/school.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const question = {
  type: 'single',
  text: 'What makes bread rise?',
  points: 1,
  options: [
    { text: 'Yeast', correct: true },
    { text: 'Salt', correct: false },
  ],
}
const quiz = {
  title: 'Dough',
  passPercent: 100,
  maxAttempts: 2,
  revealAnswers: 'never',
  questions: [question],
}

/** Makes an attempt with one choice, by its text. */
async function attempt(student: Client, quizId: string, choice: string): Promise<Answer> {
  const begun = await student.post(`/api/quizzes/${quizId}/attempts`)
  if (begun.status !== 201) return begun
  const [asked] = begun.body.questions
  const value = asked.options.find(({ text }: { text: string }) => text === choice).id
  const path = `/api/attempts/${begun.body.id}`
  expect((await student.put(`${path}/answers`, { answers: [{ questionId: asked.id, value }] })).status).toBe(
    200,
  )
  return student.post(`${path}/submit`)
}

async function signIn(name: string): Promise<Client> {
  const email = `${name.toLowerCase()}@example.org`
  const { status, body } = await world.client.post('/api/auth/login', { email, password: 'a long password' })
  expect(status).toBe(200)
  return world.client.as(body.accessToken)
}

/** What a third party does who has the link of the QR code, and nothing else of the school's. */
async function verifyByScript(link: string): Promise<string> {
  const docs = await readFile(join(import.meta.dirname, '../../docs/certificates.md'), 'utf8')
  const folder = await mkdtemp(join(tmpdir(), 'lectern-verify-'))
  try {
    const script = join(folder, 'verify.mjs')
    await writeFile(script, /```js\n([\s\S]*?)```/.exec(docs)?.[1] ?? '')
    return (await promisify(execFile)(process.execPath, [script, link, world.url])).stdout
  } finally {
    await rm(folder, { recursive: true })
  }
}

it('a student takes a sequential course step by step, over days, quiz and exam, and shows the certificate to a stranger', async () => {
  // Mira makes a course: a text, a quiz about it, a text that comes after a week, and an exam.
  const mira = await register(world.client, 'Mira', 'instructor')
  const made = await mira.post('/api/courses', { title: 'Bread at home', sequential: true })
  const courseId: string = made.body.id
  const section = await mira.post('/api/sections', { courseId, title: 'Dough' })
  const lessons: string[] = []
  for (const lesson of [
    { title: 'Flour and water', type: 'text', body: 'Mix them.' },
    { title: 'Do you know dough?', type: 'quiz' },
    { title: 'Sourdough', type: 'text', body: 'Wait a week.', availableAfterDays: 7 },
  ]) {
    const { status, body } = await mira.post('/api/lessons', { sectionId: section.body.id, ...lesson })
    expect(status).toBe(201)
    lessons.push(body.id)
  }
  const [flour = '', dough = '', sourdough = ''] = lessons
  const doughQuiz = await mira.put(`/api/lessons/${dough}/quiz`, quiz)
  expect(doughQuiz.status).toBeLessThan(300)
  const exam = await mira.put(`/api/courses/${courseId}/exam`, { ...quiz, title: 'The exam' })
  expect(exam.status).toBeLessThan(300)
  expect((await mira.post(`/api/courses/${courseId}/publish`)).status).toBe(200)

  // Asha begins. Everything but the first lesson is locked, and says by what.
  let asha = await register(world.client, 'Asha')
  const enrolled = await asha.post('/api/enrollments', { courseId })
  expect(enrolled.body.status).toBe('active')
  const opensAt = new Date(Date.parse(enrolled.body.activatedAt) + 7 * 86_400_000).toISOString()
  const progress = async () => (await asha.get(`/api/progress/course/${courseId}`)).body
  expect(await progress()).toMatchObject({
    course: { completedLessons: 0, totalLessons: 3, percent: 0 },
    lessons: [
      { lessonId: flour, state: 'open', completedBy: 'mark' },
      {
        lessonId: dough,
        state: 'locked',
        completedBy: 'quiz',
        lock: { rule: 'earlier_lesson', lessonId: flour },
      },
      { lessonId: sourdough, state: 'locked', lock: { rule: 'earlier_lesson', lessonId: flour, opensAt } },
    ],
    nextLessonId: flour,
    exam: {
      quizId: exam.body.id,
      state: 'locked',
      lock: { rule: 'earlier_lesson', lessonId: flour, opensAt },
    },
  })

  // She cannot skip: not the reading, not the quiz, not the exam.
  const page = (lessonId: string) => asha.get(`/api/courses/${courseId}/lessons/${lessonId}`)
  const complete = (lessonId: string) => asha.post('/api/progress/lesson', { lessonId, completed: true })
  const locked = { body: { code: 'lesson_locked', lockedBy: flour } }
  expect(await page(sourdough)).toMatchObject({ status: 403, ...locked })
  expect(await complete(sourdough)).toMatchObject({ status: 409, ...locked })
  for (const quizId of [doughQuiz.body.id, exam.body.id])
    expect(await attempt(asha, quizId, 'Yeast')).toMatchObject({ status: 409, ...locked })

  // The first lesson opens the quiz, which only passing completes. She fails once.
  expect((await page(flour)).body.body).toBe('Mix them.')
  expect((await complete(flour)).body.nextLessonId).toBe(dough)
  expect(await complete(dough)).toMatchObject({ status: 409, body: { code: 'quiz_required' } })
  expect((await attempt(asha, doughQuiz.body.id, 'Salt')).body).toMatchObject({
    scorePercent: 0,
    passed: false,
  })
  expect((await progress()).lessons[2].lock).toEqual({ rule: 'exam', lessonId: dough, opensAt })
  expect((await attempt(asha, doughQuiz.body.id, 'Yeast')).body).toMatchObject({
    scorePercent: 100,
    passed: true,
  })

  // Now only the week is between her and the last lesson.
  expect(await progress()).toMatchObject({
    course: { percent: 66 },
    lessons: [{}, {}, { lock: { rule: 'date', opensAt } }],
  })
  expect(await page(sourdough)).toMatchObject({ status: 403, body: { lock: { rule: 'date', opensAt } } })
  world.clock.advance({ seconds: 7 * 86_400 - 1 })
  asha = await signIn('Asha')
  expect((await page(sourdough)).status).toBe(403)
  world.clock.advance({ seconds: 1 })
  expect((await page(sourdough)).body.body).toBe('Wait a week.')
  await complete(sourdough)

  // All lessons are done, the exam is not: nearly there, and no certificate yet.
  expect(await progress()).toMatchObject({ course: { percent: 99 }, exam: { state: 'open' } })
  const early = await asha.post('/api/certificates/generate', { courseId })
  expect(early).toMatchObject({ status: 409, body: { code: 'course_incomplete' } })
  expect((await attempt(asha, exam.body.id, 'Yeast')).body).toMatchObject({ passed: true })
  expect(await progress()).toMatchObject({ course: { percent: 100 }, exam: { state: 'passed' } })
  const enrollment = await asha.get(`/api/enrollments/${enrolled.body.id}`)
  expect(enrollment.body).toMatchObject({ status: 'completed', completedAt: world.clock.now().toISOString() })

  // The certificate comes by itself, once.
  await world.drain()
  const { items } = (await asha.get('/api/certificates/my')).body
  expect(items).toMatchObject([{ courseId, courseTitle: 'Bread at home', holder: 'Asha', revoked: false }])
  const [certificate] = items
  const again = await asha.post('/api/certificates/generate', { courseId })
  expect(again.body.id).toBe(certificate.id)
  const pdf = await asha.get(`/api/certificates/${certificate.id}/download`)
  expect(pdf.status).toBe(200)
  expect(pdf.headers.get('content-type')).toBe('application/pdf')

  // A stranger asks the school, reads its page, and asks nobody but the signature.
  const { body: verified } = await world.client.get(`/api/certificates/verify/${certificate.code}`)
  expect(verified).toMatchObject({ valid: true, revoked: false, holder: 'Asha', course: 'Bread at home' })
  const shown = await world.client.get(`/verify/${certificate.code}`)
  expect(shown.status).toBe(200)
  for (const text of ['Asha', 'Bread at home']) expect(shown.body).toContain(text)
  const printed = await verifyByScript(`${certificate.verifyUrl}#${verified.token}`)
  for (const text of ['Asha', 'Bread at home', certificate.code]) expect(printed).toContain(text)
})
