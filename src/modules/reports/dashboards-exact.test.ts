import { pino } from 'pino'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Random, randomOf } from '../../../test/proof/random.ts'
import type { Answer } from '../../../test/support/http.ts'
import {
  expectedAdmin,
  expectedCourses,
  expectedInstructor,
  expectedLearner,
  expectedStreak,
  readRaw,
} from '../../../test/support/recount.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { makeQuiz, rightAnswers } from '../assessments/factory.ts'
import { makeCourse } from '../catalogue/factory.ts'
import { makePayment } from '../payments/factory.ts'
import { reportJobs } from './jobs.ts'

const seed = Number(process.env.DASHBOARDS_SEED ?? Date.now() % 1_000_000)
const steps = 90

let world: World
let random: Random
beforeAll(async () => {
  // so long that the clock can be moved
  world = await createWorld({ config: { accessTokenSeconds: 400 * 86_400 } })
  random = randomOf(seed)
})
afterAll(() => world.close())

const as = (person: Person | undefined) => world.client.as(person?.accessToken ?? '')

interface Cast {
  readonly students: readonly Person[]
  readonly teachers: readonly Person[]
  readonly parent: Person
  readonly admin: Person
  readonly courses: readonly string[]
  readonly prices: ReadonlyMap<string, string>
}

const zones = ['Asia/Kathmandu', 'America/New_York', 'Australia/Lord_Howe', 'Pacific/Apia', null]

async function makeCast(): Promise<Cast> {
  const { deps } = world
  const people = async (role: Person['role'], count: number) =>
    Promise.all(Array.from({ length: count }, () => makePerson(deps, { role })))
  const [students, teachers] = [await people('student', 5), await people('instructor', 3)]
  const [[parent], [admin]] = [await people('parent', 1), await people('admin', 1)]
  const [lead, other, assistant] = teachers
  if (!parent || !admin || !lead || !other || !assistant) throw new Error('nobody is there')
  for (const [index, person] of [...students, ...teachers, admin].entries())
    await as(person).patch('/api/users/me', { timezone: zones[index % zones.length] })
  for (const child of students.slice(0, 3)) {
    const { body } = await as(child).post('/api/users/me/guardian-codes')
    await as(parent).post('/api/children', { code: body.code })
  }
  const made = [
    await makeCourse(deps, {
      owner: lead,
      sequential: true,
      sections: [
        [{}, { availableAfterDays: 4 }],
        [{}, {}],
      ],
    }),
    await makeCourse(deps, { owner: lead, sections: [[{ availableAfterDays: 2 }, {}], [{}]] }),
    await makeCourse(deps, { owner: other, price: { amount: 49_900, currency: 'INR' } }),
    await makeCourse(deps, { owner: other, price: { amount: 1_500, currency: 'JPY' } }),
    await makeCourse(deps, { owner: lead, published: false }),
  ]
  const [first] = made
  const quizzed = await makeQuiz(deps, { owner: lead })
  const examined = await makeQuiz(deps, { owner: other, exam: true })
  await as(admin).put(`/api/courses/${first?.id}/instructors`, [
    { userId: lead.id, role: 'lead' },
    { userId: assistant.id, role: 'assistant' },
  ])
  const courses = [...made.map(({ id }) => id), quizzed.courseId, examined.courseId]
  const prices = new Map([
    [courses[2] ?? '', 'INR'],
    [courses[3] ?? '', 'JPY'],
  ])
  return { students, teachers, parent, admin, courses, prices }
}

/** What somebody may do next; much of it is refused, which is fine. */
async function step(cast: Cast): Promise<void> {
  const student = random.pick(cast.students)
  const courseId = random.pick(cast.courses) ?? ''
  const teacher = random.pick(cast.teachers)
  const client = as(student)
  const rows = async (text: string, values: unknown[]) => (await world.database.pool.query(text, values)).rows
  const lesson = async () => {
    const lessons = await rows('select id, section_id from lessons where course_id = $1 order by id', [
      courseId,
    ])
    return random.pick(lessons)
  }
  const deeds: readonly [weight: number, deed: () => Promise<unknown>][] = [
    [4, () => client.post('/api/enrollments', { courseId })],
    [3, () => pay(cast, student, courseId)],
    [8, async () => client.post('/api/progress/lesson', { lessonId: (await lesson())?.id, completed: true })],
    [
      4,
      async () => client.post('/api/progress/lesson', { lessonId: (await lesson())?.id, positionSeconds: 9 }),
    ],
    [6, () => attempt(student, courseId)],
    [1, () => client.post(`/api/progress/course/${courseId}/complete`)],
    [1, () => client.post(`/api/progress/course/${courseId}/reset`)],
    [
      2,
      async () => {
        const [live] = await rows(
          `select id from enrollments where user_id = $1 and course_id = $2 and status <> 'cancelled'`,
          [student?.id, courseId],
        )
        return live && client.post(`/api/enrollments/${live.id}/cancel`)
      },
    ],
    [
      1,
      async () => {
        const paid = random.pick(
          await rows(`select id, currency from payments where status = 'captured'`, []),
        )
        const part = random.happens(0.5) ? { amount: { amount: 100, currency: paid?.currency } } : {}
        return paid && as(cast.admin).post(`/api/payments/${paid.id}/refund`, part)
      },
    ],
    [2, () => client.put(`/api/courses/${courseId}/reviews/mine`, { stars: random.between(1, 5) })],
    [
      1,
      async () =>
        as(teacher).post('/api/lessons', {
          sectionId: (await lesson())?.section_id,
          title: 'More',
          type: 'text',
        }),
    ],
    [1, async () => as(teacher).delete(`/api/lessons/${(await lesson())?.id}`)],
    [
      1,
      () => makePerson(world.deps, { role: random.pick(['student', 'parent', 'instructor']) ?? 'student' }),
    ],
    [
      1,
      async () => {
        const someone = random.pick(
          await rows(`select id from users where status = 'active' order by id`, []),
        )
        const known = [...cast.students, ...cast.teachers, cast.parent, cast.admin].some(
          ({ id }) => id === someone.id,
        )
        return known ? undefined : as(cast.admin).patch(`/api/users/${someone.id}`, { status: 'suspended' })
      },
    ],
  ]
  const bag = deeds.flatMap(([weight, deed]) => Array.from({ length: weight }, () => deed))
  const done = (await random.pick(bag)?.()) as Answer | undefined
  expect(done?.status ?? 200, JSON.stringify(done?.body)).toBeLessThan(500)
}

async function pay({ prices }: Cast, student: Person | undefined, courseId: string): Promise<void> {
  if (!student || !prices.has(courseId)) return
  // What is paid already is refused, as by HTTP.
  await makePayment(world.deps, { student, courseId, captured: random.happens(0.8) }).catch(() => undefined)
}

async function attempt(student: Person | undefined, courseId: string): Promise<void> {
  const { rows } = await world.database.pool.query('select id from quizzes where course_id = $1', [courseId])
  if (!rows[0]) return
  const { status, body } = await as(student).post(`/api/quizzes/${rows[0].id}/attempts`)
  if (status !== 201 || random.happens(0.2)) return
  const answers = random.happens(0.7) ? rightAnswers(body) : []
  await as(student).put(`/api/attempts/${body.id}/answers`, { answers })
  await as(student).post(`/api/attempts/${body.id}/submit`)
}

it(`every dashboard is what the rows say, after a random history (DASHBOARDS_SEED=${seed})`, {
  timeout: 120_000,
}, async () => {
  const cast = await makeCast()
  for (let n = 0; n < steps; n++) {
    await step(cast)
    if (random.happens(0.5)) world.clock.advance({ minutes: random.between(5, 2_200) })
    if (random.happens(0.1)) await world.drain()
  }
  await world.drain()
  const raw = await readRaw(world.database.pool)
  const at = world.clock.now()
  const read = async (person: Person, path: string) => {
    const { status, body } = await as(person).get(`/api/dashboard/${path}`)
    expect(status).toBe(200)
    return body
  }
  for (const student of cast.students) {
    const dashboard = await read(student, 'student')
    expect(dashboard).toMatchObject(expectedLearner(raw, student.id, at))
    expect(byCourse(dashboard.courses)).toMatchObject(expectedCourses(raw, student.id))
    expect(dashboard.streak).toEqual(expectedStreak(raw, student.id, at))
    for (const { course, nextLesson, progress } of dashboard.courses) {
      const { body } = await as(student).get(`/api/progress/course/${course.id}`)
      expect(nextLesson && !nextLesson.opensAt ? nextLesson.id : undefined).toBe(body.nextLessonId)
      expect(body.course).toMatchObject(progress)
    }
  }
  const { children } = await read(cast.parent, 'parent')
  expect(children).toMatchObject(
    cast.students.slice(0, 3).map(({ id }) => ({ child: { id }, ...expectedLearner(raw, id, at) })),
  )
  for (const teacher of cast.teachers)
    expect(await read(teacher, 'instructor')).toEqual(expectedInstructor(raw, teacher.id, at))
  expect(await read(cast.admin, 'admin')).toMatchObject(expectedAdmin(raw, cast.admin.id, at))
  expect(await faults()).toEqual([])
})

const byCourse = (courses: { course: { id: string } }[]) =>
  courses.toSorted((a, b) => (a.course.id < b.course.id ? -1 : 1))

/** What the nightly job finds wrong. */
async function faults(): Promise<unknown[]> {
  const lines: unknown[] = []
  const log = pino({ level: 'error' }, { write: (line: string) => void lines.push(JSON.parse(line)) })
  for (const { run } of reportJobs) await run({ ...world.deps, log }, {})
  return lines
}
