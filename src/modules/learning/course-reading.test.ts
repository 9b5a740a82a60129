import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Client } from '../../../test/support/http.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { newId } from '../../platform/ids.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { makeCourse } from '../catalogue/factory.ts'
import { makeEnrollment } from '../enrollments/factory.ts'

let world: World
let owner: Person
let instructor: Client
let other: Client
let stranger: Client
let admin: Client
beforeAll(async () => {
  world = await createWorld()
  owner = await makePerson(world.deps, { role: 'instructor', name: 'Mira Sen' })
  instructor = as(owner)
  other = as(await makePerson(world.deps, { role: 'instructor' }))
  stranger = as(await makePerson(world.deps))
  admin = as(await makePerson(world.deps, { role: 'admin' }))
})
afterAll(() => world.close())

const as = (person: Person) => world.client.as(person.accessToken)

describe('GET /courses/:id', () => {
  it('200: by id or slug, with instructors, outline titles and counts, in one statement', async () => {
    const course = await makeCourse(world.deps, {
      owner,
      title: 'Whole page',
      description: '# Why',
      sections: [[{ durationSeconds: 60, preview: true }, {}], [{ type: 'video', durationSeconds: 30 }]],
    })
    world.statements.length = 0
    const { status, body } = await world.client.get('/api/courses/whole-page')
    expect(world.statements).toHaveLength(1)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      id: course.id,
      slug: 'whole-page',
      description: '# Why',
      status: 'published',
      instructors: [{ id: owner.id, name: 'Mira Sen', role: 'lead' }],
      counts: { sections: 2, lessons: 3, durationSeconds: 90 },
    })
    const [a, b, c] = course.lessonIds
    expect(body.sections).toEqual([
      {
        id: course.sectionIds[0],
        title: 'Section 1',
        position: 1,
        lessons: [
          { id: a, title: 'Lesson 1', type: 'text', position: 1, preview: true, durationSeconds: 60 },
          { id: b, title: 'Lesson 2', type: 'text', position: 2, preview: false },
        ],
      },
      {
        id: course.sectionIds[1],
        title: 'Section 2',
        position: 2,
        lessons: [
          { id: c, title: 'Lesson 3', type: 'video', position: 1, preview: false, durationSeconds: 30 },
        ],
      },
    ])
    expect(body).not.toHaveProperty('viewer')
    expect((await world.client.get(`/api/courses/${course.id}`)).body).toEqual(body)
  })
  it('200: a signed-in viewer sees their enrollment and progress, in one statement where others have read the page', async () => {
    const { id, lessonIds } = await makeCourse(world.deps, { owner })
    const { student, id: enrollmentId } = await makeEnrollment(world.deps, { courseId: id })
    await as(student).post('/api/progress/lesson', { lessonId: lessonIds[0] })
    await stranger.get(`/api/courses/${id}`)
    world.statements.length = 0
    const { body } = await as(student).get(`/api/courses/${id}`)
    expect(world.statements).toHaveLength(1)
    expect(body.viewer).toMatchObject({
      enrollment: { id: enrollmentId, status: 'active' },
      progress: { completedLessons: 1, totalLessons: 3, percent: 33 },
    })
    expect((await stranger.get(`/api/courses/${id}`)).body.viewer).toEqual({
      enrollment: null,
      progress: null,
    })
  })
  it('200: a pending enrollment is shown, without progress', async () => {
    const { courseId, student } = await makeEnrollment(world.deps, { status: 'pending' })
    const { body } = await as(student).get(`/api/courses/${courseId}`)
    expect(body.viewer).toMatchObject({ enrollment: { status: 'pending' }, progress: null })
  })
  it('404: a draft, except for its owners, and those enrolled in a course that is taken back', async () => {
    const { id } = await makeCourse(world.deps, { owner })
    const { student } = await makeEnrollment(world.deps, { courseId: id })
    await instructor.post(`/api/courses/${id}/unpublish`)
    for (const client of [world.client, stranger, other])
      expect((await client.get(`/api/courses/${id}`)).status).toBe(404)
    for (const client of [instructor, admin, as(student)])
      expect((await client.get(`/api/courses/${id}`)).body.status).toBe('draft')
  })
  it('200: an archived course is still known; 404: what never was', async () => {
    const { id } = await makeCourse(world.deps, { owner })
    await makeEnrollment(world.deps, { courseId: id })
    await instructor.delete(`/api/courses/${id}`)
    expect((await world.client.get(`/api/courses/${id}`)).body.status).toBe('archived')
    expect((await world.client.get('/api/courses/no-such-course')).status).toBe(404)
    expect((await world.client.get(`/api/courses/${newId()}`)).status).toBe(404)
  })
  it.each(['never published', 'taken back'])(
    '404: a course that is %s, also once it is archived; who is enrolled goes on',
    async (before) => {
      const course = await makeCourse(world.deps, {
        owner,
        title: 'Unfinished thoughts',
        sections: [[{ preview: true }, {}]],
        published: before === 'taken back',
      })
      await instructor.post(`/api/courses/${course.id}/unpublish`)
      const { slug } = (await instructor.get(`/api/courses/${course.id}`)).body
      const student = await makePerson(world.deps)
      await instructor.post(`/api/courses/${course.id}/enrollments`, { userId: student.id })
      expect((await instructor.delete(`/api/courses/${course.id}`)).body.status).toBe('archived')
      const paths = [
        `/api/courses/${course.id}`,
        `/api/courses/${slug}`,
        `/api/courses/${course.id}/lessons/${course.lessonIds[0]}`,
        `/api/sections/${course.id}`,
        `/api/lessons/${course.sectionIds[0]}`,
      ]
      for (const path of paths) {
        for (const client of [world.client, stranger, other])
          expect((await client.get(path)).status, path).toBe(404)
        for (const client of [instructor, admin, as(student)])
          expect((await client.get(path)).status, path).toBe(200)
      }
      expect((await world.client.get(`/api/courses/${course.id}/reviews`)).status).toBe(404)
      expect((await stranger.get(`/api/courses/${course.id}/outline`)).status).toBe(404)
      expect((await stranger.post('/api/enrollments', { courseId: course.id })).status).toBe(404)
    },
  )
  it('404: an archived course that was brought back, and archived anew as the draft that it was', async () => {
    const { id } = await makeCourse(world.deps, { owner })
    await makeEnrollment(world.deps, { courseId: id })
    await instructor.delete(`/api/courses/${id}`)
    await instructor.delete(`/api/courses/${id}`)
    expect((await stranger.get(`/api/courses/${id}`)).status).toBe(200)
    await instructor.post(`/api/courses/${id}/unpublish`)
    await instructor.delete(`/api/courses/${id}`)
    expect((await stranger.get(`/api/courses/${id}`)).status).toBe(404)
  })
  it('401: with a token that is not valid', async () => {
    const { id } = await makeCourse(world.deps, { owner })
    expect((await world.client.as('nonsense').get(`/api/courses/${id}`)).status).toBe(401)
  })
})

describe('GET /courses/:id/outline', () => {
  it('200: each lesson locked, open or completed, in one statement where others have read the outline', async () => {
    const course = await makeCourse(world.deps, { owner, sequential: true })
    const { student } = await makeEnrollment(world.deps, { courseId: course.id })
    const [a, b, c] = course.lessonIds
    await as(student).post('/api/progress/lesson', { lessonId: a })
    await admin.get(`/api/courses/${course.id}/outline`)
    world.statements.length = 0
    const { status, body } = await as(student).get(`/api/courses/${course.id}/outline`)
    expect(world.statements).toHaveLength(1)
    expect(status).toBe(200)
    expect(body.sections.map((section: { id: string }) => section.id)).toEqual(course.sectionIds)
    const lessons = body.sections.flatMap((section: { lessons: unknown[] }) => section.lessons)
    expect(lessons).toEqual([
      expect.objectContaining({ id: a, title: 'Lesson 1', type: 'text', state: 'completed' }),
      expect.objectContaining({ id: b, state: 'open' }),
      expect.objectContaining({ id: c, state: 'locked', lockedBy: b }),
    ])
    expect(body).toMatchObject({ course: { percent: 33 }, nextLessonId: b })
  })
  it('200: to owners everything is open, in a draft too', async () => {
    const { id } = await makeCourse(world.deps, { owner, sequential: true, published: false })
    for (const client of [instructor, admin]) {
      const { body } = await client.get(`/api/courses/${id}/outline`)
      const lessons = body.sections.flatMap((section: { lessons: unknown[] }) => section.lessons)
      expect(lessons.map((lesson: { state: string }) => lesson.state)).toEqual(['open', 'open', 'open'])
    }
  })
  it('401, 403 not_enrolled, 404 for a draft, 400 for no id', async () => {
    const { id } = await makeCourse(world.deps, { owner })
    const draft = await makeCourse(world.deps, { owner, published: false })
    expect((await world.client.get(`/api/courses/${id}/outline`)).status).toBe(401)
    for (const client of [stranger, other]) {
      const answer = await client.get(`/api/courses/${id}/outline`)
      expect(answer).toMatchObject({ status: 403, body: { code: 'not_enrolled' } })
      expect((await client.get(`/api/courses/${draft.id}/outline`)).status).toBe(404)
    }
    expect((await stranger.get('/api/courses/git-basics/outline')).status).toBe(400)
  })
})

describe('GET /courses/:courseId/lessons/:lessonId', () => {
  it('200: what the lesson says, with its neighbours and own state, in one statement where others have read it', async () => {
    const { id, lessonIds, sectionIds } = await makeCourse(world.deps, { owner })
    const { student } = await makeEnrollment(world.deps, { courseId: id })
    const [a, b, c] = lessonIds
    await as(student).post('/api/progress/lesson', { lessonId: b, positionSeconds: 7 })
    await admin.get(`/api/courses/${id}/lessons/${b}`)
    world.statements.length = 0
    const { status, body } = await as(student).get(`/api/v1/courses/${id}/lectures/${b}`)
    expect(world.statements).toHaveLength(1)
    expect(status).toBe(200)
    expect(body).toEqual({
      id: b,
      sectionId: sectionIds[0],
      courseId: id,
      title: 'Lesson 2',
      type: 'text',
      position: 2,
      preview: false,
      body: 'What Lesson 2 says.',
      state: 'open',
      completedBy: 'mark',
      positionSeconds: 7,
      materials: [],
      previousLessonId: a,
      nextLessonId: c,
    })
  })
  it('403 lesson_locked: names what comes first, and opens when that is done', async () => {
    const { id, lessonIds } = await makeCourse(world.deps, { owner, sequential: true })
    const student = as((await makeEnrollment(world.deps, { courseId: id })).student)
    const [a, b] = lessonIds
    const read = () => student.get(`/api/courses/${id}/lessons/${b}`)
    const locked = await read()
    expect(locked).toMatchObject({ status: 403, body: { code: 'lesson_locked', lockedBy: a } })
    expect(JSON.stringify(locked.body)).not.toContain('What Lesson 2 says')
    await student.post('/api/progress/lesson', { lessonId: a })
    expect((await read()).body.body).toBe('What Lesson 2 says.')
  })
  it('200: a preview for anybody, whatever the order; to its own student with the state', async () => {
    const { id, lessonIds } = await makeCourse(world.deps, {
      owner,
      sequential: true,
      sections: [[{}, { preview: true }]],
    })
    const { student } = await makeEnrollment(world.deps, { courseId: id })
    const path = `/api/courses/${id}/lessons/${lessonIds[1]}`
    for (const client of [world.client, stranger, other]) {
      const { body } = await client.get(path)
      expect(body.body).toBe('What Lesson 2 says.')
      expect(body).not.toHaveProperty('state')
    }
    expect((await as(student).get(path)).body).toMatchObject({ state: 'locked', body: 'What Lesson 2 says.' })
  })
  it('200: owners and admins read everything, drafts too', async () => {
    const { id, lessonIds } = await makeCourse(world.deps, { owner, sequential: true, published: false })
    for (const client of [instructor, admin])
      expect((await client.get(`/api/courses/${id}/lessons/${lessonIds[2]}`)).body.body).toBe(
        'What Lesson 3 says.',
      )
  })
  it('401 nobody, 403 not_enrolled who is not, pending or has cancelled', async () => {
    const { id, lessonIds } = await makeCourse(world.deps, { owner, price: { amount: 100, currency: 'INR' } })
    const pending = await makeEnrollment(world.deps, { courseId: id, status: 'pending' })
    const cancelled = await makeEnrollment(world.deps, { courseId: id, status: 'cancelled' })
    const path = `/api/courses/${id}/lessons/${lessonIds[0]}`
    expect((await world.client.get(path)).status).toBe(401)
    for (const client of [stranger, other, as(pending.student), as(cancelled.student)])
      expect(await client.get(path)).toMatchObject({ status: 403, body: { code: 'not_enrolled' } })
  })
  it('404: a draft, its previews too; a lesson of another course', async () => {
    const draft = await makeCourse(world.deps, { owner, published: false, sections: [[{ preview: true }]] })
    const { id } = await makeCourse(world.deps, { owner })
    for (const client of [world.client, stranger, other])
      expect((await client.get(`/api/courses/${draft.id}/lessons/${draft.lessonIds[0]}`)).status).toBe(404)
    expect((await instructor.get(`/api/courses/${id}/lessons/${draft.lessonIds[0]}`)).status).toBe(404)
    expect((await instructor.get(`/api/courses/${id}/lessons/x`)).status).toBe(400)
  })
})
