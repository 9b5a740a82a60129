import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import type { Tx } from '../../platform/database/database.ts'
import { newId } from '../../platform/ids.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { type CourseWish, makeCourse } from '../catalogue/factory.ts'
import { makeEnrollment } from '../enrollments/factory.ts'
import { completeQuizLesson, passExam, setExam } from './index.ts'
import { learningJobs } from './jobs.ts'

let world: World
let owner: Person
beforeAll(async () => {
  world = await createWorld()
  owner = await makePerson(world.deps, { role: 'instructor' })
})
afterAll(() => world.close())

const as = (person: Person) => world.client.as(person.accessToken)
const transact = <T>(work: (tx: Tx) => Promise<T>) => world.deps.transact(work)
const rows = async (text: string, values: unknown[] = []) =>
  (await world.database.pool.query(text, values)).rows

/** Runs the nightly job and gives what it logged as errors. */
async function check(): Promise<Record<string, unknown>[]> {
  const lines: Record<string, unknown>[] = []
  const log = pino({ level: 'error' }, { write: (line: string) => void lines.push(JSON.parse(line)) })
  for (const { run } of learningJobs) await run({ ...world.deps, log }, {})
  return lines
}

async function makeLearner(wish: CourseWish = {}) {
  const course = await makeCourse(world.deps, { owner, ...wish })
  const { id: enrollmentId, student: person } = await makeEnrollment(world.deps, { courseId: course.id })
  const student = as(person)
  return {
    person,
    student,
    course,
    enrollmentId,
    complete: (lesson: number) =>
      student.post('/api/progress/lesson', { lessonId: course.lessonIds[lesson], completed: true }),
    at: (lesson: number, positionSeconds: number) =>
      student.post('/api/progress/lesson', { lessonId: course.lessonIds[lesson], positionSeconds }),
  }
}
type Learner = Awaited<ReturnType<typeof makeLearner>>

const factsOf = async ({ enrollmentId }: Learner) =>
  (await rows('select * from enrollment_facts where enrollment_id = $1', [enrollmentId]))[0]

async function countsOf({ course }: Learner) {
  return rows(
    `select slot, sum(lessons_completed)::int as lessons, sum(exams_passed)::int as exams,
       sum(courses_completed)::int as courses
     from learning_counts where course_id = $1 group by slot order by slot`,
    [course.id],
  )
}

describe('the facts', () => {
  it('say how far each enrollment has come and what happened in each quarter of an hour', async () => {
    const learner = await makeLearner({ sections: [[{}, { type: 'quiz' }]] })
    await transact((tx) => setExam(tx, { courseId: learner.course.id, quizId: newId() }))
    await learner.complete(0)
    const began = world.clock.now()
    const later = { userId: null, at: new Date(began.getTime() + 3_600_000) }
    const lessonId = learner.course.lessonIds[1] ?? ''
    const { enrollmentId } = learner
    await transact((tx) => completeQuizLesson(tx, later, { enrollmentId, lessonId }))
    await transact((tx) => passExam(tx, later, { enrollmentId }))
    expect(await factsOf(learner)).toMatchObject({
      course_id: learner.course.id,
      completed_lessons: 2,
      last_activity_at: later.at,
    })
    const counts = await countsOf(learner)
    expect(counts).toMatchObject([
      { lessons: 1, exams: 0, courses: 0 },
      { lessons: 1, exams: 1, courses: 1 },
    ])
    expect(counts[0].slot.getTime() % 900_000).toBe(0)
    expect(began.getTime() - counts[0].slot.getTime()).toBeLessThan(900_000)
    expect(await check()).toEqual([])
  })
  it('follow a reset and a lesson that is removed, and never go below nothing', async () => {
    const learner = await makeLearner()
    await learner.complete(0)
    await learner.complete(1)
    await as(owner).delete(`/api/lessons/${learner.course.lessonIds[0]}`)
    expect((await factsOf(learner)).completed_lessons).toBe(1)
    await learner.student.post(`/api/progress/course/${learner.course.id}/reset`)
    await learner.student.post(`/api/progress/course/${learner.course.id}/reset`)
    expect((await factsOf(learner)).completed_lessons).toBe(0)
    expect(await countsOf(learner)).toMatchObject([{ lessons: 0 }])
    expect(await check()).toEqual([])
  })
  it('stay exact when a class completes, resets and loses lessons at the same moment', async () => {
    const course = await makeCourse(world.deps, { owner, sections: [[{}, {}, {}, {}]] })
    const students = await Promise.all(
      Array.from({ length: 6 }, async () => {
        const { student } = await makeEnrollment(world.deps, { courseId: course.id })
        return as(student)
      }),
    )
    const done = students.flatMap((student) =>
      course.lessonIds.map((lessonId) => student.post('/api/progress/lesson', { lessonId })),
    )
    const answers = await Promise.all([
      ...done,
      ...students.slice(0, 2).map((student) => student.post(`/api/progress/course/${course.id}/reset`)),
      as(owner).delete(`/api/lessons/${course.lessonIds[3]}`),
    ])
    expect(answers.map(({ status }) => status).every((status) => [200, 204, 404].includes(status))).toBe(true)
    const [{ counted }] = await rows(
      `select count(completed_at)::int as counted from lesson_progress where lesson_id = any($1)`,
      [course.lessonIds],
    )
    const [{ kept }] = await rows(
      'select sum(completed_lessons)::int as kept from enrollment_facts where course_id = $1',
      [course.id],
    )
    expect(kept).toBe(counted)
    expect(await check()).toEqual([])
  })
  it('are what the roster shows', async () => {
    const learner = await makeLearner()
    await learner.complete(0)
    const { body } = await as(owner).get(`/api/courses/${learner.course.id}/enrollments`)
    expect(body.items).toMatchObject([
      { progress: { completedLessons: 1, percent: 33 }, lastActivityAt: world.clock.now().toISOString() },
    ])
  })
  it('are erased with the person', async () => {
    const learner = await makeLearner()
    await learner.complete(0)
    await learner.student.delete('/api/users/me', { password: learner.person.password })
    await world.drain()
    expect(await factsOf(learner)).toBeUndefined()
    expect(await check()).toEqual([])
  })
})

describe('the nightly job', () => {
  it('logs damaged facts as errors with both figures, repairs them, and then is quiet', async () => {
    const learner = await makeLearner()
    const other = await makeLearner()
    await learner.complete(0)
    await other.complete(0)
    const { enrollmentId, course } = learner
    await rows('update enrollment_facts set completed_lessons = 7 where enrollment_id = $1', [enrollmentId])
    await rows('update learning_counts set courses_completed = 5 where course_id = $1', [course.id])
    await rows('delete from enrollment_facts where enrollment_id = $1', [other.enrollmentId])
    await rows('delete from learning_counts where course_id = $1', [other.course.id])

    const none = { lessons: 0, exams: 0, courses: 0 }
    const one = { ...none, lessons: 1 }
    const logged = await check()
    expect(logged).toHaveLength(4)
    expect(logged).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ level: 50, enrollmentId, kept: 7, counted: 1 }),
        expect.objectContaining({ enrollmentId: other.enrollmentId, kept: 0, counted: 1 }),
        expect.objectContaining({ courseId: course.id, kept: { ...one, courses: 5 }, counted: one }),
        expect.objectContaining({ courseId: other.course.id, kept: none, counted: one }),
      ]),
    )
    expect((await factsOf(learner)).completed_lessons).toBe(1)
    expect(await factsOf(other)).toMatchObject({ completed_lessons: 1, last_activity_at: world.clock.now() })
    expect(await countsOf(learner)).toMatchObject([one])
    expect(await check()).toEqual([])
  })
  it('repairs an activity that lies before a completion', async () => {
    const learner = await makeLearner()
    await learner.complete(0)
    await rows(
      `update enrollment_facts set last_activity_at = last_activity_at - interval '1 day' where enrollment_id = $1`,
      [learner.enrollmentId],
    )
    expect(await check()).toHaveLength(1)
    expect((await factsOf(learner)).last_activity_at).toEqual(world.clock.now())
  })
  it('finds the facts of one who passed the exam and no lesson, and leaves the right counts alone', async () => {
    const learner = await makeLearner({ sections: [[{}]] })
    const { enrollmentId, course } = learner
    await transact((tx) => setExam(tx, { courseId: course.id, quizId: newId() }))
    const cause = { userId: null, at: world.clock.now() }
    await transact((tx) => passExam(tx, cause, { enrollmentId }))
    await rows('delete from enrollment_facts where enrollment_id = $1', [enrollmentId])
    expect(await check()).toEqual([
      expect.objectContaining({ enrollmentId, courseId: course.id, keptCourseId: null, kept: 0, counted: 0 }),
    ])
    const right = { course_id: course.id, completed_lessons: 0, last_activity_at: cause.at }
    expect(await factsOf(learner)).toMatchObject(right)
    expect(await countsOf(learner)).toMatchObject([{ lessons: 0, exams: 1, courses: 0 }])

    await rows(
      `update enrollment_facts set last_activity_at = last_activity_at - interval '1 day' where enrollment_id = $1`,
      [enrollmentId],
    )
    expect(await check()).toHaveLength(1)
    expect(await factsOf(learner)).toMatchObject(right)
    expect(await check()).toEqual([])
  })
  it('brings facts back to the course of their enrollment, and leaves the counts of both courses alone', async () => {
    const learner = await makeLearner()
    const other = await makeLearner()
    await learner.complete(0)
    await rows('update enrollment_facts set course_id = $2 where enrollment_id = $1', [
      learner.enrollmentId,
      other.course.id,
    ])
    expect(await check()).toEqual([
      expect.objectContaining({ courseId: learner.course.id, keptCourseId: other.course.id }),
    ])
    expect(await factsOf(learner)).toMatchObject({ course_id: learner.course.id, completed_lessons: 1 })
    expect(await countsOf(other)).toEqual([])
    expect(await check()).toEqual([])
  })
})
