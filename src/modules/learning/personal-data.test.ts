import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import { makePerson } from '../accounts/factory.ts'
import { makeCourse } from '../catalogue/factory.ts'
import { passExam } from './index.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

describe('a person who learned here', () => {
  it('finds enrollments and progress in the archive; once deleted, the progress is erased', async () => {
    const { id, lessonIds } = await makeCourse(world.deps)
    const student = await makePerson(world.deps)
    const client = world.client.as(student.accessToken)
    const enrollmentId = (await client.post('/api/enrollments', { courseId: id })).body.id
    await client.post('/api/progress/lesson', { lessonId: lessonIds[0], completed: true })
    const cause = { userId: student.id, at: world.clock.now() }
    await world.deps.transact((tx) => passExam(tx, cause, { enrollmentId }))

    const { body } = await client.get('/api/users/me/export')
    expect(body.enrollments.enrollments).toMatchObject([{ courseId: id, status: 'active' }])
    expect(body.learning.lessons).toMatchObject([{ lessonId: lessonIds[0], completedAt: expect.any(String) }])
    expect(body.learning.exams).toMatchObject([{ enrollmentId, passedAt: expect.any(String) }])

    expect((await client.delete('/api/users/me', { password: student.password })).status).toBe(204)
    await world.drain()
    const { rows } = await world.database.pool.query(
      'select 1 from lesson_progress where enrollment_id = $1 union all select 1 from exam_passes where enrollment_id = $1',
      [enrollmentId],
    )
    expect(rows).toEqual([])
  })
})
