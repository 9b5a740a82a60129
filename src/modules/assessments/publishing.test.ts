import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { makeCourse } from '../catalogue/factory.ts'
import { makeQuiz, quizOf } from './factory.ts'

let world: World
let owner: Person
beforeAll(async () => {
  world = await createWorld()
  owner = await makePerson(world.deps, { role: 'instructor' })
})
afterAll(() => world.close())

const as = (person: Person) => world.client.as(person.accessToken)

describe('a course whose lesson of the type quiz has none', () => {
  it('409 course_incomplete with each such lesson; 200 once all have theirs', async () => {
    const sections = [[{}, { type: 'quiz', title: 'First' }], [{ type: 'quiz', title: 'Second' }]] as const
    const { id, lessonIds } = await makeCourse(world.deps, { owner, sections, published: false })
    const publish = () => as(owner).post(`/api/courses/${id}/publish`)
    const hindered = (titles: Record<string, string | undefined>) => ({
      status: 409,
      body: {
        code: 'course_incomplete',
        missing: ['no_quiz'],
        hindrances: Object.entries(titles).map(([title, lessonId]) => ({
          reason: 'no_quiz',
          lessonId,
          message: `The lesson “${title}” has no quiz.`,
        })),
      },
    })
    expect(await publish()).toMatchObject(hindered({ First: lessonIds[1], Second: lessonIds[2] }))
    await as(owner).put(`/api/lessons/${lessonIds[1]}/quiz`, quizOf())
    expect(await publish()).toMatchObject(hindered({ Second: lessonIds[2] }))
    await as(owner).put(`/api/lessons/${lessonIds[2]}/quiz`, quizOf())
    expect(await publish()).toMatchObject({ status: 200, body: { status: 'published' } })
  })
  it('409 for a course whose quiz was taken away again', async () => {
    const { id, lessonIds } = await makeCourse(world.deps, {
      owner,
      sections: [[{ type: 'quiz' }]],
      published: false,
    })
    await as(owner).put(`/api/lessons/${lessonIds[0]}/quiz`, quizOf())
    expect((await as(owner).delete(`/api/lessons/${lessonIds[0]}/quiz`)).status).toBe(204)
    expect((await as(owner).post(`/api/courses/${id}/publish`)).status).toBe(409)
  })
})

describe('DELETE /lessons/:id/quiz of a published course', () => {
  it('409 quiz_needed, and the quiz stays; 204 when the course is a draft again', async () => {
    const { courseId, lessonId } = await makeQuiz(world.deps, { owner })
    const path = `/api/lessons/${lessonId}/quiz`
    expect(await as(owner).delete(path)).toMatchObject({ status: 409, body: { code: 'quiz_needed' } })
    expect((await as(owner).get(path)).status).toBe(200)
    await as(owner).post(`/api/courses/${courseId}/unpublish`)
    expect((await as(owner).delete(path)).status).toBe(204)
  })
  it('never both, when it is taken away and the course published at the same moment', async () => {
    for (let round = 0; round < 5; round++) {
      const { courseId, lessonId } = await makeQuiz(world.deps, { owner })
      await as(owner).post(`/api/courses/${courseId}/unpublish`)
      const [removed, published] = await Promise.all([
        as(owner).delete(`/api/lessons/${lessonId}/quiz`),
        as(owner).post(`/api/courses/${courseId}/publish`),
      ])
      expect([
        [204, 409],
        [409, 200],
      ]).toContainEqual([removed.status, published.status])
    }
  })
})
