import { expect } from 'vitest'
import type { Money } from '../../src/platform/money.ts'
import type { Client } from './http.ts'

/** Signs up by HTTP, as anybody does. */
export async function register(
  client: Client,
  name: string,
  role: 'student' | 'instructor' = 'student',
): Promise<Client> {
  const { status, body } = await client.post('/api/auth/register', {
    email: `${name.toLowerCase()}@example.org`,
    password: 'a long password',
    name,
    role,
  })
  expect(status).toBe(201)
  return client.as(body.accessToken)
}

/** An instructor's published course with one lesson, made by HTTP. */
export async function publishCourse(
  instructor: Client,
  course: { title: string; price: Money },
): Promise<{ courseId: string; lessonPath: string }> {
  const made = await instructor.post('/api/courses', course)
  expect(made.status).toBe(201)
  const courseId: string = made.body.id
  const section = await instructor.post('/api/sections', { courseId, title: 'Dough' })
  const lesson = await instructor.post('/api/lessons', {
    sectionId: section.body.id,
    title: 'Kneading',
    type: 'text',
    body: '# Kneading',
  })
  expect(lesson.status).toBe(201)
  expect((await instructor.post(`/api/courses/${courseId}/publish`)).status).toBe(200)
  return { courseId, lessonPath: `/api/courses/${courseId}/lessons/${lesson.body.id}` }
}
