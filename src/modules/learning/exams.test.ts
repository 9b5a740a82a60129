import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Client } from '../../../test/support/http.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import type { Tx } from '../../platform/database/database.ts'
import { newId } from '../../platform/ids.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { actorFor, type CourseWish, type MadeCourse, makeCourse } from '../catalogue/factory.ts'
import { makeEnrollment } from '../enrollments/factory.ts'
import { completeQuizLesson, passExam, requireOpenExam, requireOpenLesson, setExam } from './index.ts'

let world: World
let owner: Person
beforeAll(async () => {
  world = await createWorld()
  owner = await makePerson(world.deps, { role: 'instructor' })
})
afterAll(() => world.close())

const transact = <T>(work: (tx: Tx) => Promise<T>) => world.deps.transact(work)
const cause = () => ({ userId: null, at: world.clock.now() })

interface Learner {
  readonly person: Person
  readonly student: Client
  readonly course: MadeCourse
  readonly enrollmentId: string
  readonly quizId: string
}

/** A student in a course of two texts with an exam, unless said otherwise. */
async function makeLearner(wish: CourseWish & { exam?: boolean } = {}): Promise<Learner> {
  const { exam = true, ...course } = wish
  const made = await makeCourse(world.deps, { owner, sections: [[{}, {}]], ...course })
  const quizId = newId()
  if (exam) await transact((tx) => setExam(tx, { courseId: made.id, quizId }))
  const { id, student } = await makeEnrollment(world.deps, { courseId: made.id })
  return {
    person: student,
    student: world.client.as(student.accessToken),
    course: made,
    enrollmentId: id,
    quizId,
  }
}

const complete = ({ student, course }: Learner, lesson: number) =>
  student.post('/api/progress/lesson', { lessonId: course.lessonIds[lesson], completed: true })
const pass = ({ enrollmentId }: Learner) => transact((tx) => passExam(tx, cause(), { enrollmentId }))
const passQuiz = ({ enrollmentId, course }: Learner, lesson: number) =>
  transact((tx) =>
    completeQuizLesson(tx, cause(), { enrollmentId, lessonId: course.lessonIds[lesson] ?? '' }),
  )
const progress = async ({ student, course }: Learner) =>
  (await student.get(`/api/progress/course/${course.id}`)).body
const markComplete = ({ student, course }: Learner) =>
  student.post(`/api/progress/course/${course.id}/complete`)
const openExam = ({ person, course }: Learner) =>
  transact((tx) => requireOpenExam(tx, actorFor(person, world.deps), course.id))

async function statusOf({ student, enrollmentId }: Learner): Promise<string> {
  return (await student.get(`/api/enrollments/${enrollmentId}`)).body.status
}

async function timesCompleted(enrollmentId: string): Promise<number> {
  const { rows } = await world.database.pool.query(
    `select count(*)::int as n from events where type = 'enrollment.completed' and payload->>'enrollmentId' = $1`,
    [enrollmentId],
  )
  return rows[0].n
}

describe('a course with an exam', () => {
  it('shows it in the outline to its owner, too', async () => {
    const { course, quizId } = await makeLearner({ sequential: true })
    const { body } = await world.client.as(owner.accessToken).get(`/api/courses/${course.id}/outline`)
    expect(body.exam).toEqual({ quizId, state: 'open' })
  })
  it('is complete with all lessons and the exam, whichever is last', async () => {
    for (const last of ['lesson', 'exam']) {
      const learner = await makeLearner()
      await complete(learner, 0)
      if (last === 'lesson') await pass(learner)
      else await complete(learner, 1)
      expect(await statusOf(learner)).toBe('active')
      if (last === 'lesson') await complete(learner, 1)
      else await pass(learner)
      expect(await statusOf(learner)).toBe('completed')
      expect((await progress(learner)).course.percent).toBe(100)
      expect(await timesCompleted(learner.enrollmentId)).toBe(1)
    }
  })
  it('stays below 100 percent, and names the exam among what is missing', async () => {
    const learner = await makeLearner()
    await complete(learner, 0)
    expect((await progress(learner)).course.percent).toBe(50)
    await complete(learner, 1)
    expect(await progress(learner)).toMatchObject({
      course: { completedLessons: 2, totalLessons: 2, percent: 99 },
      exam: { quizId: learner.quizId, state: 'open' },
    })
    expect(await markComplete(learner)).toMatchObject({
      status: 409,
      body: { code: 'course_incomplete', missing: [], exam: { quizId: learner.quizId } },
    })
  })
  it('completes once: the last lesson and the exam at the same moment', async () => {
    for (let round = 0; round < 8; round++) {
      const learner = await makeLearner()
      await complete(learner, 0)
      await Promise.all([complete(learner, 1), pass(learner), pass(learner)])
      expect(await statusOf(learner)).toBe('completed')
      expect(await timesCompleted(learner.enrollmentId)).toBe(1)
    }
  })
  it('keeps the first pass, also when it is passed again', async () => {
    const learner = await makeLearner()
    await pass(learner)
    const { passedAt } = (await progress(learner)).exam
    world.clock.advance({ seconds: 60 })
    await pass(learner)
    expect((await progress(learner)).exam).toEqual({ quizId: learner.quizId, state: 'passed', passedAt })
  })
  it('can be completed when the exam is taken out; who has completed it stays so when another comes', async () => {
    const learner = await makeLearner()
    await complete(learner, 0)
    await complete(learner, 1)
    await transact((tx) => setExam(tx, { courseId: learner.course.id, quizId: null }))
    expect(await progress(learner)).not.toHaveProperty('exam')
    expect((await markComplete(learner)).status).toBe(200)
    await transact((tx) => setExam(tx, { courseId: learner.course.id, quizId: newId() }))
    expect(await statusOf(learner)).toBe('completed')
    expect((await progress(learner)).exam.state).toBe('open')
  })
  it('notes nothing for an enrollment that has ended', async () => {
    const learner = await makeLearner({ sections: [[{ type: 'quiz' }]] })
    await learner.student.post(`/api/enrollments/${learner.enrollmentId}/cancel`)
    await pass(learner)
    await passQuiz(learner, 0)
    const { rows } = await world.database.pool.query(
      'select enrollment_id from exam_passes where enrollment_id = $1 union all select enrollment_id from lesson_progress where enrollment_id = $1',
      [learner.enrollmentId],
    )
    expect(rows).toEqual([])
  })
})

describe('an open exam', () => {
  it('in a sequential course comes after all lessons; 409 lesson_locked names the first that is missing', async () => {
    const learner = await makeLearner({ sequential: true })
    const [a, b] = learner.course.lessonIds
    const lock = { rule: 'earlier_lesson', lessonId: a }
    await expect(openExam(learner)).rejects.toMatchObject({
      kind: { status: 409, code: 'lesson_locked' },
      details: { members: { lockedBy: a, lock } },
    })
    expect((await progress(learner)).exam).toEqual({
      quizId: learner.quizId,
      state: 'locked',
      lockedBy: a,
      lock,
    })
    await complete(learner, 0)
    await expect(openExam(learner)).rejects.toMatchObject({ details: { members: { lockedBy: b } } })
    await complete(learner, 1)
    expect(await openExam(learner)).toEqual({
      enrollmentId: learner.enrollmentId,
      courseId: learner.course.id,
    })
  })
  it('is open to everybody enrolled where the order is free, to nobody else', async () => {
    const learner = await makeLearner()
    expect((await openExam(learner)).enrollmentId).toBe(learner.enrollmentId)
    const stranger = await makePerson(world.deps)
    await expect(openExam({ ...learner, person: stranger })).rejects.toMatchObject({
      kind: { status: 403, code: 'not_enrolled' },
    })
    await expect(openExam(await makeLearner({ exam: false }))).rejects.toMatchObject({
      kind: { status: 404 },
    })
  })
})

describe('a quiz lesson', () => {
  const sections: CourseWish['sections'] = [[{ type: 'quiz' }, {}]]
  it('is opened, and completed by its quiz; until then it locks what follows by the rule `exam`', async () => {
    const learner = await makeLearner({ sections, sequential: true, exam: false })
    const [a = '', b = ''] = learner.course.lessonIds
    const open = (lessonId: string) =>
      transact((tx) => requireOpenLesson(tx, actorFor(learner.person, world.deps), lessonId))
    await expect(open(b)).rejects.toMatchObject({
      kind: { status: 409, code: 'lesson_locked' },
      message: 'Pass the quiz of “Lesson 1” first.',
      details: { members: { lockedBy: a, lock: { rule: 'exam', lessonId: a } } },
    })
    expect(await open(a)).toEqual({
      enrollmentId: learner.enrollmentId,
      courseId: learner.course.id,
      lessonId: a,
    })
    await passQuiz(learner, 0)
    expect((await progress(learner)).lessons).toMatchObject([
      { lessonId: a, state: 'completed', completedBy: 'quiz' },
      { lessonId: b, state: 'open', completedBy: 'mark' },
    ])
    expect((await open(b)).lessonId).toBe(b)
  })
  it('completes the course where it is the last thing, once, also when two are passed at the same moment', async () => {
    const learner = await makeLearner({ sections: [[{ type: 'quiz' }, { type: 'quiz' }]], exam: false })
    await Promise.all([passQuiz(learner, 0), passQuiz(learner, 1), passQuiz(learner, 1)])
    expect(await statusOf(learner)).toBe('completed')
    expect(await timesCompleted(learner.enrollmentId)).toBe(1)
  })
  it('after a reset is completed by saying so, since its attempts stay; the passed exam stays passed', async () => {
    const learner = await makeLearner({ sections })
    await passQuiz(learner, 0)
    await complete(learner, 1)
    await pass(learner)
    const { body } = await learner.student.post(`/api/progress/course/${learner.course.id}/reset`)
    expect(body).toMatchObject({
      course: { completedLessons: 0, percent: 0 },
      lessons: [{ state: 'open' }, { state: 'open' }],
      exam: { state: 'passed' },
    })
    expect((await complete(learner, 0)).body.lesson).toMatchObject({ state: 'completed' })
    const other = await makeLearner({ sections })
    expect((await complete(other, 0)).body.code).toBe('quiz_required')
  })
  it('is forgotten with the lesson: a quiz passed after it was removed changes nothing', async () => {
    const learner = await makeLearner({ sections, exam: false })
    await world.client.as(owner.accessToken).delete(`/api/lessons/${learner.course.lessonIds[0]}`)
    await passQuiz(learner, 0)
    expect((await progress(learner)).course).toMatchObject({ completedLessons: 0, totalLessons: 1 })
  })
})
