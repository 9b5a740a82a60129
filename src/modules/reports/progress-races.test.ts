import { pino } from 'pino'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import { makePerson } from '../accounts/factory.ts'
import { makeCourse } from '../catalogue/factory.ts'
import { makeEnrollment } from '../enrollments/factory.ts'
import { reportJobs } from './jobs.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

it('lessons are counted right of a class that completes, gives up and loses a lesson, all at once', async () => {
  const owner = await makePerson(world.deps, { role: 'instructor' })
  const course = await makeCourse(world.deps, {
    owner,
    sections: [
      [{}, {}, {}],
      [{}, {}],
    ],
  })
  const students = await Promise.all(
    Array.from({ length: 12 }, () => makeEnrollment(world.deps, { courseId: course.id })),
  )
  const answers = await Promise.all([
    ...students.flatMap(({ student, id }, index) => {
      const client = world.client.as(student.accessToken)
      const lessons = course.lessonIds.map((lessonId) =>
        client.post('/api/progress/lesson', { lessonId, completed: true }),
      )
      return index % 3 === 0 ? [...lessons, client.post(`/api/enrollments/${id}/cancel`)] : lessons
    }),
    world.client.as(owner.accessToken).delete(`/api/lessons/${course.lessonIds[4]}`),
  ])
  expect(answers.filter(({ status }) => status >= 500)).toEqual([])
  await world.drain()
  const { rows } = await world.database.pool.query(
    `select coalesce((select sum(lessons) from course_progress where course_id = $1), 0)::int as kept,
       (select count(lesson_progress.completed_at) from lesson_progress join enrollments on enrollments.id = enrollment_id
        where course_id = $1 and status = 'active')::int as counted`,
    [course.id],
  )
  expect(rows[0].kept).toBe(rows[0].counted)
  const faults: unknown[] = []
  const log = pino({ level: 'error' }, { write: (line: string) => void faults.push(JSON.parse(line)) })
  for (const { run } of reportJobs) await run({ ...world.deps, log }, {})
  expect(faults).toEqual([])
})
