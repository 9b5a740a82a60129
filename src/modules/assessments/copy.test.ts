import { afterAll, beforeAll, expect, it } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import { makePerson } from '../accounts/factory.ts'
import { makeCourse } from '../catalogue/factory.ts'
import { oneOfEach, quizOf } from './factory.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

it('a copy of a course has its bank, its quizzes and its exam, and none of them is the original’s', async () => {
  const owner = await makePerson(world.deps, { role: 'instructor' })
  const client = world.client.as(owner.accessToken)
  const course = await makeCourse(world.deps, {
    owner,
    sections: [[{}, { type: 'quiz' }], [{ type: 'quiz' }]],
  })
  const bankPath = `/api/courses/${course.id}/questions`
  const { body: banked } = await client.post(bankPath, { ...oneOfEach[2], tags: ['basics'] })
  const draw = [
    { count: 1, questionIds: [banked.id] },
    { count: 1, tag: 'basics' },
  ]
  await client.put(`/api/lessons/${course.lessonIds[1]}/quiz`, quizOf({ title: 'First', maxAttempts: 3 }))
  await client.put(`/api/lessons/${course.lessonIds[2]}/quiz`, quizOf({ title: 'Second', draw }))
  await client.put(`/api/courses/${course.id}/exam`, quizOf({ title: 'Exam', timeLimitSeconds: 60 }))

  const { body: copy } = await client.post(`/api/courses/${course.id}/duplicate`)
  await world.drain()
  const { body: bank } = await client.get(`/api/courses/${copy.id}/questions`)
  expect(bank.items).toMatchObject([{ text: banked.text, tags: ['basics'], answer: true }])
  expect(bank.items[0].id).not.toBe(banked.id)

  const { body: outline } = await client.get(`/api/courses/${copy.id}/outline`)
  const lessonIds = outline.sections.flatMap(({ lessons }: { lessons: { id: string }[] }) =>
    lessons.map(({ id }) => id),
  )
  const first = await client.get(`/api/lessons/${lessonIds[1]}/quiz`)
  expect(first.body).toMatchObject({ courseId: copy.id, title: 'First', maxAttempts: 3, version: 1 })
  const second = await client.get(`/api/lessons/${lessonIds[2]}/quiz`)
  expect(second.body).toMatchObject({
    title: 'Second',
    draw: [
      { count: 1, questionIds: [bank.items[0].id] },
      { count: 1, tag: 'basics' },
    ],
  })
  const exam = await client.get(`/api/courses/${copy.id}/exam`)
  const original = await client.get(`/api/courses/${course.id}/exam`)
  expect(exam.body).toMatchObject({ title: 'Exam', timeLimitSeconds: 60, questions: original.body.questions })
  expect(exam.body.id).not.toBe(original.body.id)

  // The copy is a course of its own: what is learned of it is asked for its own exam.
  await client.post(`/api/courses/${copy.id}/publish`)
  const student = world.client.as((await makePerson(world.deps)).accessToken)
  await student.post('/api/enrollments', { courseId: copy.id })
  const { body: progress } = await student.get(`/api/progress/course/${copy.id}`)
  expect(progress.exam).toMatchObject({ quizId: exam.body.id })
})

it('a copy that is gone before it is filled is left alone', async () => {
  const course = await makeCourse(world.deps, { sections: [[{ type: 'quiz' }]] })
  const client = world.client.as(course.owner.accessToken)
  await client.put(`/api/lessons/${course.lessonIds[0]}/quiz`, quizOf())
  const { body: copy } = await client.post(`/api/courses/${course.id}/duplicate`)
  expect((await client.delete(`/api/courses/${copy.id}`)).status).toBeLessThan(300)
  await world.drain()
  const { rows } = await world.database.pool.query(
    'select from graphile_worker._private_jobs where attempts > 0 union all select from quizzes where course_id = $1',
    [copy.id],
  )
  expect(rows).toEqual([])
})
