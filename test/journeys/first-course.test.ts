import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Client } from '../support/http.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

async function register(name: string, role: 'student' | 'instructor'): Promise<Client> {
  const email = `${name.toLowerCase()}@example.org`
  const { status, body } = await world.client.post('/api/auth/register', {
    email,
    password: 'a long password',
    name,
    role,
  })
  expect(status).toBe(201)
  return world.client.as(body.accessToken)
}

it('an instructor makes a course, a student takes it to the end, and nobody else gets in on the way', async () => {
  const mira = await register('Mira', 'instructor')
  const rival = await register('Rival', 'instructor')
  const asha = await register('Asha', 'student')
  const ben = await register('Ben', 'student')

  // Mira begins a draft, which nobody else knows of.
  const made = await mira.post('/api/courses', { title: 'Bread at home', language: 'en', sequential: true })
  expect(made).toMatchObject({ status: 201, body: { slug: 'bread-at-home', status: 'draft' } })
  const courseId: string = made.body.id
  for (const other of [world.client, asha, rival])
    expect((await other.get('/api/courses/bread-at-home')).status).toBe(404)
  expect((await rival.post('/api/sections', { courseId, title: 'Mine now' })).status).toBe(404)
  expect((await asha.post('/api/enrollments', { courseId })).status).toBe(404)

  // It cannot be published empty, so she writes two sections and three lessons.
  const tooSoon = await mira.post(`/api/courses/${courseId}/publish`)
  expect(tooSoon).toMatchObject({ status: 409, body: { code: 'course_incomplete' } })
  const lessonIds: string[] = []
  for (const [title, lessons] of [
    ['Dough', ['Flour and water', 'Kneading']],
    ['Oven', ['Baking']],
  ] as const) {
    const section = await mira.post('/api/sections', { courseId, title })
    for (const lesson of lessons) {
      const { status, body } = await mira.post('/api/lessons', {
        sectionId: section.body.id,
        title: lesson,
        type: 'text',
        body: `# ${lesson}`,
      })
      expect(status).toBe(201)
      lessonIds.push(body.id)
    }
  }
  const published = await mira.post(`/api/courses/${courseId}/publish`)
  expect(published).toMatchObject({ status: 200, body: { status: 'published', price: null } })

  // Now everybody finds it, and the titles of what is in it; the content is for the enrolled.
  const found = await world.client.get('/api/courses?q=bread')
  expect(found.body.items).toMatchObject([{ id: courseId, instructors: [{ name: 'Mira' }] }])
  const page = await world.client.get('/api/courses/bread-at-home')
  expect(page.body.counts).toMatchObject({ sections: 2, lessons: 3 })
  const lessonPath = (index: number) => `/api/courses/${courseId}/lessons/${lessonIds[index]}`
  expect((await world.client.get(lessonPath(0))).status).toBe(401)
  expect((await asha.get(lessonPath(0))).body.code).toBe('not_enrolled')
  expect((await rival.get(lessonPath(0))).body.code).toBe('not_enrolled')
  expect((await rival.patch(`/api/courses/${courseId}`, { title: 'Stolen' })).status).toBe(403)

  // Asha enrolls, once.
  const enrolled = await asha.post('/api/enrollments', { courseId })
  expect(enrolled).toMatchObject({
    status: 201,
    body: { status: 'active', course: { slug: 'bread-at-home' } },
  })
  expect((await asha.post('/api/enrollments', { courseId })).body.code).toBe('already_enrolled')
  const enrollmentPath = `/api/enrollments/${enrolled.body.id}`
  expect((await ben.get(enrollmentPath)).status).toBe(404)
  expect((await ben.post(`${enrollmentPath}/cancel`)).status).toBe(404)
  expect((await rival.get(enrollmentPath)).status).toBe(404)
  expect((await mira.get(enrollmentPath)).status).toBe(200)

  // She goes through the lessons in order; the order cannot be skipped, and nobody else can do it for her.
  expect(await asha.get(lessonPath(1))).toMatchObject({ status: 403, body: { lockedBy: lessonIds[0] } })
  const percents: number[] = []
  for (const [index, lessonId] of lessonIds.entries()) {
    expect((await asha.get(lessonPath(index))).body.body).toMatch(/^# /)
    expect((await ben.post('/api/progress/lesson', { lessonId })).body.code).toBe('not_enrolled')
    expect((await asha.get(enrollmentPath)).body.status).toBe('active')
    const { status, body } = await asha.post('/api/progress/lesson', { lessonId, completed: true })
    expect(status).toBe(200)
    percents.push(body.course.percent)
  }
  expect(percents).toEqual([33, 66, 100])

  // The course is completed, and everything agrees on it.
  expect((await asha.get(enrollmentPath)).body).toMatchObject({
    status: 'completed',
    completedAt: expect.any(String),
  })
  expect((await asha.get('/api/enrollments/my?status=completed')).body.items).toHaveLength(1)
  expect((await asha.get('/api/courses/bread-at-home')).body.viewer).toMatchObject({
    enrollment: { status: 'completed' },
    progress: { percent: 100 },
  })
  expect((await ben.get('/api/courses/bread-at-home')).body.viewer).toEqual({
    enrollment: null,
    progress: null,
  })

  // Deleted, it is archived: Asha keeps it, nobody new gets in.
  expect((await mira.delete(`/api/courses/${courseId}`)).body.status).toBe('archived')
  expect((await asha.get(lessonPath(2))).status).toBe(200)
  expect((await ben.post('/api/enrollments', { courseId })).body.code).toBe('course_closed')
})
