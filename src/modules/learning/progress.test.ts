import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Answer, Client } from '../../../test/support/http.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { newId } from '../../platform/ids.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { type CourseWish, type MadeCourse, makeCourse } from '../catalogue/factory.ts'
import { makeEnrollment } from '../enrollments/factory.ts'

let world: World
let owner: Person
beforeAll(async () => {
  world = await createWorld()
  owner = await makePerson(world.deps, { role: 'instructor' })
})
afterAll(() => world.close())

const as = (person: Person) => world.client.as(person.accessToken)

interface Learner {
  readonly student: Client
  readonly person: Person
  readonly course: MadeCourse
  readonly enrollmentId: string
  complete(lesson: number): Promise<Answer>
}

/** A student in a course of three lessons, unless said otherwise. */
async function makeLearner(
  wish: CourseWish = {},
  status?: 'pending' | 'completed' | 'cancelled',
): Promise<Learner> {
  const course = await makeCourse(world.deps, { owner, ...wish })
  const { id, student } = await makeEnrollment(world.deps, {
    courseId: course.id,
    ...(status ? { status } : {}),
  })
  const client = as(student)
  return {
    student: client,
    person: student,
    course,
    enrollmentId: id,
    complete: (lesson) =>
      client.post('/api/progress/lesson', { lessonId: course.lessonIds[lesson], completed: true }),
  }
}

async function statusOf({ student, enrollmentId }: Learner): Promise<string> {
  return (await student.get(`/api/enrollments/${enrollmentId}`)).body.status
}

async function countFacts(type: string, enrollmentId: string): Promise<number> {
  const { rows } = await world.database.pool.query(
    `select count(*) as n from events where type = $1 and payload->>'enrollmentId' = $2`,
    [type, enrollmentId],
  )
  return rows[0].n
}

describe('POST /progress/lesson', () => {
  it('200: says where that leaves the lesson and the course', async () => {
    const learner = await makeLearner()
    const [a, b] = learner.course.lessonIds
    const { status, body } = await learner.complete(0)
    expect(status).toBe(200)
    expect(body).toEqual({
      lesson: {
        lessonId: a,
        state: 'completed',
        completedBy: 'mark',
        completedAt: world.clock.now().toISOString(),
      },
      course: { courseId: learner.course.id, completedLessons: 1, totalLessons: 3, percent: 33 },
      nextLessonId: b,
    })
    expect(await statusOf(learner)).toBe('active')
  })
  it('200: repeated, it changes nothing; the first time stands', async () => {
    const learner = await makeLearner()
    const first = await learner.complete(0)
    world.clock.advance({ seconds: 5 })
    expect((await learner.complete(0)).body).toEqual(first.body)
  })
  it('200: a lesson alone means that it is completed', async () => {
    const { student, course } = await makeLearner()
    const { body } = await student.post('/api/v1/progress/lecture', { lessonId: course.lessonIds[1] })
    expect(body.lesson.state).toBe('completed')
  })
  it('200: a position completes nothing, is replaced by the next one, and outlives completion', async () => {
    const { student, course, complete } = await makeLearner()
    const lessonId = course.lessonIds[0]
    const at = (positionSeconds: number) =>
      student.post('/api/progress/lesson', { lessonId, positionSeconds })
    expect((await at(30)).body).toMatchObject({
      lesson: { lessonId, state: 'open', positionSeconds: 30 },
      course: { percent: 0 },
    })
    expect((await at(20)).body.lesson.positionSeconds).toBe(20)
    expect((await complete(0)).body.lesson).toMatchObject({ state: 'completed', positionSeconds: 20 })
    expect((await at(0)).body.lesson).toMatchObject({ state: 'completed', positionSeconds: 0 })
  })
  it('200: the last lesson completes the enrollment and says so once', async () => {
    const learner = await makeLearner()
    await learner.complete(2)
    await learner.complete(0)
    expect((await learner.complete(1)).body).toMatchObject({ course: { percent: 100 } })
    await learner.complete(1)
    const { body } = await learner.student.get(`/api/enrollments/${learner.enrollmentId}`)
    expect(body).toMatchObject({ status: 'completed', completedAt: world.clock.now().toISOString() })
    expect(await countFacts('enrollment.completed', learner.enrollmentId)).toBe(1)
  })
  it('200: of the two last lessons at once, exactly one completes the course', async () => {
    for (let round = 0; round < 8; round++) {
      const learner = await makeLearner()
      await learner.complete(0)
      const answers = await Promise.all([learner.complete(1), learner.complete(2)])
      expect(answers.map(({ body }) => body.course.percent).toSorted()).toEqual([100, 66])
      expect(await statusOf(learner)).toBe('completed')
      expect(await countFacts('enrollment.completed', learner.enrollmentId)).toBe(1)
    }
  })
  it('200: of the same last lesson ten times at once, one completes the course', async () => {
    const learner = await makeLearner({ sections: [[{}]] })
    const answers = await Promise.all(Array.from({ length: 10 }, () => learner.complete(0)))
    expect(answers.every(({ status, body }) => status === 200 && body.course.percent === 100)).toBe(true)
    expect(await countFacts('enrollment.completed', learner.enrollmentId)).toBe(1)
  })
  it('200 or 404, never 500: completed while the lesson is being removed', async () => {
    for (let round = 0; round < 5; round++) {
      const learner = await makeLearner()
      const [done] = await Promise.all([
        learner.complete(0),
        as(owner).delete(`/api/lessons/${learner.course.lessonIds[0]}`),
      ])
      expect([200, 404]).toContain(done?.status)
    }
  })
  it('409 lesson_locked: a sequential course names what comes first, for a position too, and keeps nothing', async () => {
    const { student, course, complete } = await makeLearner({ sequential: true })
    const [a, b, c] = course.lessonIds
    expect(await complete(2)).toMatchObject({
      status: 409,
      body: { code: 'lesson_locked', lockedBy: a, detail: 'Complete “Lesson 1” first.' },
    })
    const seen = await student.post('/api/progress/lesson', { lessonId: c, positionSeconds: 5 })
    expect(seen).toMatchObject({ status: 409, body: { code: 'lesson_locked', lockedBy: a } })
    await complete(0)
    expect((await complete(2)).body.lockedBy).toBe(b)
    const { body } = await student.get(`/api/progress/course/${course.id}`)
    expect(body.course.completedLessons).toBe(1)
    expect(body.lessons[2]).toMatchObject({ lessonId: c, state: 'locked', lockedBy: b })
  })
  it('409 quiz_required: a quiz lesson is not completed by saying so', async () => {
    const { student, course, complete } = await makeLearner({ sections: [[{ type: 'quiz' }]] })
    expect(await complete(0)).toMatchObject({ status: 409, body: { code: 'quiz_required' } })
    const { body } = await student.get(`/api/progress/course/${course.id}`)
    expect(body.course.completedLessons).toBe(0)
  })
  it('403 not_enrolled: a stranger, the owner, and who is pending or has cancelled', async () => {
    const { course, person } = await makeLearner({}, 'cancelled')
    const lessonId = course.lessonIds[0]
    const paid = await makeLearner({ price: { amount: 100, currency: 'INR' } }, 'pending')
    const stranger = await makePerson(world.deps)
    for (const [who, which] of [
      [stranger, lessonId],
      [owner, lessonId],
      [person, lessonId],
      [paid.person, paid.course.lessonIds[0]],
    ] as const) {
      const answer = await as(who).post('/api/progress/lesson', { lessonId: which })
      expect(answer).toMatchObject({ status: 403, body: { code: 'not_enrolled' } })
    }
  })
  it('404: a lesson of a draft, or none at all; who is enrolled learns on in a course that is taken back', async () => {
    const learner = await makeLearner()
    await as(owner).post(`/api/courses/${learner.course.id}/unpublish`)
    const stranger = as(await makePerson(world.deps))
    const lessonId = learner.course.lessonIds[0]
    expect((await stranger.post('/api/progress/lesson', { lessonId })).status).toBe(404)
    expect((await stranger.post('/api/progress/lesson', { lessonId: newId() })).status).toBe(404)
    expect((await learner.complete(0)).status).toBe(200)
  })
  it.each([
    [{}, '/lessonId'],
    [{ lessonId: newId(), completed: false }, '/completed'],
    [{ lessonId: newId(), positionSeconds: -1 }, '/positionSeconds'],
    [{ lessonId: newId(), positionSeconds: 1.5 }, '/positionSeconds'],
    [{ lessonId: newId(), positionSeconds: 1_000_001 }, '/positionSeconds'],
    [{ lessonId: newId(), completed: true, positionSeconds: 'end' }, '/positionSeconds'],
    [{ lessonId: newId(), percent: 100 }, '/percent'],
  ])('400: %j is named as %s', async (body, path) => {
    const answer = await as(owner).post('/api/progress/lesson', body)
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path }] } })
  })
  it('401: without a token', async () => {
    expect((await world.client.post('/api/progress/lesson', { lessonId: newId() })).status).toBe(401)
  })
  it('three statements for a position, three for a lesson of a course that is known, three more for the last one, beside begin and commit', async () => {
    const learner = await makeLearner()
    const counted = async (send: () => Promise<Answer>) => {
      world.statements.length = 0
      expect((await send()).status).toBe(200)
      return world.statements.filter((text) => !/^(begin|commit|start)/i.test(text)).length
    }
    const lessonId = learner.course.lessonIds[0]
    const position = () => learner.student.post('/api/progress/lesson', { lessonId, positionSeconds: 9 })
    const { student: other } = await makeEnrollment(world.deps, { courseId: learner.course.id })
    await as(other).get(`/api/progress/course/${learner.course.id}`)
    expect(await counted(() => learner.complete(0))).toBe(3)
    expect(await counted(position)).toBe(3)
    await learner.complete(1)
    expect(await counted(() => learner.complete(2))).toBe(6)
  })
})

describe('GET /progress/course/:courseId', () => {
  it('200: each lesson, percent and what comes next, in one statement where others have read the outline', async () => {
    const { student, course, complete } = await makeLearner({ sequential: true })
    const [a, b, c] = course.lessonIds
    await complete(0)
    await student.post('/api/progress/lesson', { lessonId: b, positionSeconds: 12 })
    await student.get(`/api/progress/course/${course.id}`)
    world.statements.length = 0
    const { status, body } = await student.get(`/api/progress/course/${course.id}`)
    expect(world.statements).toHaveLength(1)
    expect(status).toBe(200)
    expect(body).toEqual({
      course: { courseId: course.id, completedLessons: 1, totalLessons: 3, percent: 33 },
      lessons: [
        {
          lessonId: a,
          state: 'completed',
          completedBy: 'mark',
          completedAt: world.clock.now().toISOString(),
        },
        { lessonId: b, state: 'open', completedBy: 'mark', positionSeconds: 12 },
        {
          lessonId: c,
          state: 'locked',
          completedBy: 'mark',
          lockedBy: b,
          lock: { rule: 'earlier_lesson', lessonId: b },
        },
      ],
      nextLessonId: b,
      lastLessonId: b,
    })
  })
  it('200: begun anew after cancelling, it begins at nothing', async () => {
    const { student, course, enrollmentId, complete } = await makeLearner()
    await complete(0)
    await student.post(`/api/enrollments/${enrollmentId}/cancel`)
    await student.post('/api/enrollments', { courseId: course.id })
    const { body } = await student.get(`/api/progress/course/${course.id}`)
    expect(body.course.completedLessons).toBe(0)
  })
  it('401, 403 not_enrolled, 404 for a draft, 400 for no id', async () => {
    const { course } = await makeLearner()
    const draft = await makeCourse(world.deps, { owner, published: false })
    const stranger = as(await makePerson(world.deps))
    expect((await world.client.get(`/api/progress/course/${course.id}`)).status).toBe(401)
    expect((await stranger.get(`/api/progress/course/${course.id}`)).body.code).toBe('not_enrolled')
    expect((await stranger.get(`/api/progress/course/${draft.id}`)).status).toBe(404)
    expect((await as(owner).get(`/api/progress/course/${draft.id}`)).body.code).toBe('not_enrolled')
    expect((await stranger.get('/api/progress/course/x')).status).toBe(400)
  })
})

describe('where one was last', () => {
  it('the lesson of the newest completion or position; nothing after a reset', async () => {
    const { student, course, complete } = await makeLearner()
    const path = `/api/progress/course/${course.id}`
    const last = async () => (await student.get(path)).body.lastLessonId
    expect(await last()).toBeUndefined()
    await complete(2)
    world.clock.advance({ seconds: 1 })
    await student.post('/api/progress/lesson', { lessonId: course.lessonIds[0], positionSeconds: 9 })
    expect(await last()).toBe(course.lessonIds[0])
    world.clock.advance({ seconds: 1 })
    await student.post('/api/progress/lesson', { lessonId: course.lessonIds[2], positionSeconds: 4 })
    expect(await last()).toBe(course.lessonIds[2])
    await student.post(`${path}/reset`)
    expect(await last()).toBeUndefined()
  })
})

describe('lesson.completed', () => {
  it('is stated once for each completion, and never for a position', async () => {
    const { student, course, complete, enrollmentId } = await makeLearner()
    await student.post('/api/progress/lesson', { lessonId: course.lessonIds[0], positionSeconds: 9 })
    expect(await countFacts('lesson.completed', enrollmentId)).toBe(0)
    await Promise.all([complete(0), complete(0), complete(0)])
    expect(await countFacts('lesson.completed', enrollmentId)).toBe(1)
    await complete(1)
    await complete(0)
    expect(await countFacts('lesson.completed', enrollmentId)).toBe(2)
  })
})

describe('POST /progress/course/:courseId/complete', () => {
  it('409 course_incomplete: names the lessons that are missing', async () => {
    const { student, course, complete } = await makeLearner()
    await complete(1)
    const [a, , c] = course.lessonIds
    expect(await student.post(`/api/progress/course/${course.id}/complete`)).toMatchObject({
      status: 409,
      body: {
        code: 'course_incomplete',
        missing: [
          { lessonId: a, title: 'Lesson 1' },
          { lessonId: c, title: 'Lesson 3' },
        ],
      },
    })
  })
  it('200: where the missing lesson was taken out of the course; asked again, the same', async () => {
    const learner = await makeLearner()
    const path = `/api/progress/course/${learner.course.id}/complete`
    await learner.complete(0)
    await learner.complete(1)
    await as(owner).delete(`/api/lessons/${learner.course.lessonIds[2]}`)
    expect(await statusOf(learner)).toBe('active')
    for (let n = 0; n < 2; n++) {
      const { status, body } = await learner.student.post(path)
      expect(status).toBe(200)
      expect(body.course).toEqual({
        courseId: learner.course.id,
        completedLessons: 2,
        totalLessons: 2,
        percent: 100,
      })
    }
    expect(await statusOf(learner)).toBe('completed')
    expect(await countFacts('enrollment.completed', learner.enrollmentId)).toBe(1)
  })
  it('200: of a completed course that has grown since', async () => {
    const learner = await makeLearner({ sections: [[{}]] })
    await learner.complete(0)
    const [sectionId] = learner.course.sectionIds
    await as(owner).post('/api/lessons', { sectionId, title: 'More', type: 'text', body: 'More.' })
    const answer = await learner.student.post(`/api/progress/course/${learner.course.id}/complete`)
    expect(answer).toMatchObject({ status: 200, body: { course: { completedLessons: 1, totalLessons: 2 } } })
    expect(await statusOf(learner)).toBe('completed')
  })
  it('409 course_incomplete: a course without lessons', async () => {
    const { student, course } = await makeLearner({ sections: [[{}]] })
    await as(owner).delete(`/api/lessons/${course.lessonIds[0]}`)
    const answer = await student.post(`/api/progress/course/${course.id}/complete`)
    expect(answer).toMatchObject({ status: 409, body: { missing: [] } })
  })
  it('401, 403, 404', async () => {
    const { course } = await makeLearner()
    const draft = await makeCourse(world.deps, { owner, published: false })
    const stranger = as(await makePerson(world.deps))
    for (const step of ['complete', 'reset']) {
      const path = (id: string) => `/api/progress/course/${id}/${step}`
      expect((await world.client.post(path(course.id))).status).toBe(401)
      expect(await stranger.post(path(course.id))).toMatchObject({
        status: 403,
        body: { code: 'not_enrolled' },
      })
      expect((await stranger.post(path(draft.id))).status).toBe(404)
    }
  })
})

describe('POST /progress/course/:courseId/reset', () => {
  it('200: nothing is done any more, the completed enrollment stays, and completing again says it no second time', async () => {
    const learner = await makeLearner({ sections: [[{}]] })
    await learner.complete(0)
    const { status, body } = await learner.student.post(`/api/progress/course/${learner.course.id}/reset`)
    expect(status).toBe(200)
    expect(body).toEqual({
      course: { courseId: learner.course.id, completedLessons: 0, totalLessons: 1, percent: 0 },
      lessons: [{ lessonId: learner.course.lessonIds[0], state: 'open', completedBy: 'mark' }],
      nextLessonId: learner.course.lessonIds[0],
    })
    expect(await statusOf(learner)).toBe('completed')
    expect((await learner.complete(0)).body.course.percent).toBe(100)
    expect(await countFacts('enrollment.completed', learner.enrollmentId)).toBe(1)
    expect(await countFacts('progress.reset', learner.enrollmentId)).toBe(1)
  })
})
