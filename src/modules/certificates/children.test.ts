import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Client } from '../../../test/support/http.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { newId } from '../../platform/ids.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { oneOfEach, quizOf, rightAnswers } from '../assessments/factory.ts'
import { makeCourse } from '../catalogue/factory.ts'

let world: World
let child: Person
let parent: Client
let other: Client
let parentId: string
let courseId: string
let quizId: string
let attemptId: string
let certificateId: string

/** A child that has done everything: a lesson, a quiz and a certificate for it. */
beforeAll(async () => {
  world = await createWorld()
  const owner = await makePerson(world.deps, { role: 'instructor' })
  child = await makePerson(world.deps, { name: 'Mina Rao' })
  const guardian = await makePerson(world.deps, { role: 'parent' })
  parentId = guardian.id
  parent = world.client.as(guardian.accessToken)
  other = world.client.as((await makePerson(world.deps, { role: 'parent' })).accessToken)
  const course = await makeCourse(world.deps, { owner, title: 'Quizzed', sections: [[{ type: 'quiz' }]] })
  courseId = course.id
  const instructor = world.client.as(owner.accessToken)
  const quiz = await instructor.put(`/api/lessons/${course.lessonIds[0]}/quiz`, {
    ...quizOf(),
    questions: oneOfEach,
    revealAnswers: 'never',
  })
  quizId = quiz.body.id
  const student = world.client.as(child.accessToken)
  await student.post('/api/enrollments', { courseId })
  const attempt = await student.post(`/api/quizzes/${quizId}/attempts`)
  attemptId = attempt.body.id
  await student.put(`/api/attempts/${attemptId}/answers`, { answers: rightAnswers(attempt.body) })
  await student.post(`/api/attempts/${attemptId}/submit`)
  await world.drain()
  const code = await student.post('/api/users/me/guardian-codes')
  await parent.post('/api/children', { code: code.body.code })
  certificateId = (await student.get('/api/certificates/my')).body.items[0].id
})
afterAll(() => world.close())

const paths = () => [
  `/api/children/${child.id}/overview`,
  `/api/children/${child.id}/enrollments`,
  `/api/children/${child.id}/progress/${courseId}`,
  `/api/children/${child.id}/attempts`,
  `/api/children/${child.id}/certificates`,
  `/api/attempts/${attemptId}`,
  `/api/quizzes/${quizId}/attempts`,
  `/api/certificates/${certificateId}/download`,
]

describe('what a parent sees of a child', () => {
  it('200 overview: courses with progress, quiz scores, certificates and the last activity', async () => {
    const { status, body } = await parent.get(`/api/children/${child.id}/overview`)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      child: { id: child.id, name: 'Mina Rao' },
      courses: [
        {
          enrollment: { courseId, status: 'completed' },
          completedLessons: 1,
          totalLessons: 1,
          percent: 100,
          lastActivityAt: expect.any(String),
        },
      ],
      quizScores: [{ quizId, courseId, attempts: 1, bestScorePercent: 100, passed: true }],
      certificates: [{ id: certificateId, courseTitle: 'Quizzed', holder: 'Mina Rao' }],
      lastActivityAt: expect.any(String),
    })
  })
  it('200: progress, attempts and certificates, as the child has them', async () => {
    const progress = await parent.get(`/api/children/${child.id}/progress/${courseId}`)
    expect(progress.body).toMatchObject({ course: { percent: 100 }, lessons: [{ state: 'completed' }] })
    const attempts = await parent.get(`/api/children/${child.id}/attempts`)
    expect(attempts.body.items).toMatchObject([{ id: attemptId, scorePercent: 100, passed: true }])
    expect((await parent.get(`/api/quizzes/${quizId}/attempts`)).body).toEqual(attempts.body)
    expect((await parent.get(`/api/quizzes/${quizId}/attempts?userId=${child.id}`)).body).toEqual(
      attempts.body,
    )
    const certificates = await parent.get(`/api/children/${child.id}/certificates`)
    expect(certificates.body.items).toMatchObject([{ id: certificateId }])
  })
  it('200: an attempt, with what was right in it only where the child sees that', async () => {
    const { body } = await parent.get(`/api/attempts/${attemptId}`)
    expect(body).toMatchObject({ id: attemptId, scorePercent: 100 })
    expect(body).not.toHaveProperty('results')
  })
  it('404: a course that the child is not in', async () => {
    expect((await parent.get(`/api/children/${child.id}/progress/${newId()}`)).status).toBe(404)
  })
  it('each look is one fact in the audit trail', async () => {
    const looks = async () => {
      const { rows } = await world.database.pool.query(
        "select payload ->> 'what' as what from events where type = 'child.viewed' and user_id = $1",
        [parentId],
      )
      return rows.length
    }
    const before = await looks()
    for (const path of paths()) expect((await parent.get(path)).status).toBe(200)
    expect(await looks()).toBe(before + paths().length)
  })
  it('404 or 403 for another parent, who learns nothing; 401 for nobody', async () => {
    for (const path of paths()) {
      expect([403, 404]).toContain((await other.get(path)).status)
      expect((await world.client.get(path)).status).toBe(401)
    }
  })
})
