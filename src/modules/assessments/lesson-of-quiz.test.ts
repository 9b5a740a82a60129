import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import type { Person } from '../accounts/factory.ts'
import { makeCourse } from '../catalogue/factory.ts'
import { makeQuiz, makeStudent, quizOf, rightAnswers } from './factory.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const as = (person: Person) => world.client.as(person.accessToken)

describe('a lesson that is removed', () => {
  it.each(['lesson', 'section'])('takes no graded attempt along: %s', async (what) => {
    const quiz = await makeQuiz(world.deps)
    const owner = as(quiz.owner)
    const student = as(await makeStudent(world.deps, quiz))
    const { body: open } = await student.post(`/api/quizzes/${quiz.id}/attempts`)
    await student.put(`/api/attempts/${open.id}/answers`, { answers: rightAnswers(open).slice(0, 1) })
    const { body: graded } = await student.post(`/api/attempts/${open.id}/submit`)
    await student.post(`/api/quizzes/${quiz.id}/attempts`)
    const { rows } = await world.database.pool.query('select section_id from lessons where id = $1', [
      quiz.lessonId,
    ])
    const gone = what === 'lesson' ? `/api/lessons/${quiz.lessonId}` : `/api/sections/${rows[0].section_id}`
    expect((await owner.delete(gone)).status).toBe(204)
    for (const reader of [student, owner]) {
      expect((await reader.get(`/api/attempts/${graded.id}`)).body).toEqual(graded)
      expect((await reader.get(`/api/quizzes/${quiz.id}/attempts`)).body.items).toHaveLength(2)
    }
    expect((await student.post(`/api/quizzes/${quiz.id}/attempts`)).status).toBe(404)
    expect((await student.get(`/api/courses/${quiz.courseId}/quizzes`)).body.items).toEqual([])
    // It is not taken for the exam of the course.
    expect((await owner.get(`/api/courses/${quiz.courseId}/exam`)).status).toBe(404)
    expect((await owner.put(`/api/courses/${quiz.courseId}/exam`, quizOf())).status).toBe(200)
    const results = await world.database.pool.query('select attempts from quiz_results where quiz_id = $1', [
      quiz.id,
    ])
    expect(results.rows).toEqual([{ attempts: 1 }])
  })
})

describe('PATCH /lessons/:id of a lesson with a quiz', () => {
  it('409 lesson_has_quiz: its type stays; without the quiz it may be another', async () => {
    const quiz = await makeQuiz(world.deps)
    const owner = as(quiz.owner)
    // whether or not a quiz of a published course may be taken away
    await world.database.pool.query(`update courses set status = 'draft' where id = $1`, [quiz.courseId])
    const path = `/api/lessons/${quiz.lessonId}`
    expect(await owner.patch(path, { type: 'text', title: 'Other' })).toMatchObject({
      status: 409,
      body: { code: 'lesson_has_quiz' },
    })
    expect((await owner.patch(path, { type: 'quiz', title: 'Same' })).status).toBe(200)
    expect((await owner.get(`${path}/quiz`)).body.id).toBe(quiz.id)
    expect((await owner.delete(`${path}/quiz`)).status).toBe(204)
    expect((await owner.patch(path, { type: 'text' })).status).toBe(200)
  })
  it('at the moment at which the quiz is saved: one of them is refused', async () => {
    for (let round = 0; round < 5; round++) {
      const course = await makeCourse(world.deps, { sections: [[{ type: 'quiz' }]] })
      const owner = as(course.owner)
      const path = `/api/lessons/${course.lessonIds[0]}`
      const [patched, put] = await Promise.all([
        owner.patch(path, { type: 'text' }),
        owner.put(`${path}/quiz`, quizOf()),
      ])
      expect([patched.status, put.status].sort()).toEqual([200, 409])
    }
  })
})
