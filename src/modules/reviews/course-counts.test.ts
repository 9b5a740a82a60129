import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import { makeCourse } from '../catalogue/factory.ts'
import { makeEnrollment } from '../enrollments/factory.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const countsOf = async (courseId: string) => {
  const { rows } = await world.database.pool.query(
    'select lessons, activations, stars from course_stats where course_id = $1',
    [courseId],
  )
  return rows[0]
}
const jobs = [
  'catalogue.check-lesson-counts',
  'enrollments.check-activation-counts',
  'reviews.check-star-counts',
]
/** Runs the nightly checks now, before anything that is waiting. */
async function check() {
  for (const job of jobs)
    await world.database.pool.query('select graphile_worker.add_job($1, priority => -100)', [job])
  await world.drain()
}

describe('What is counted of a course', () => {
  it('is compared by night with lessons, enrollments and reviews; what is wrong is logged and repaired', async () => {
    const { id: courseId } = await makeCourse(world.deps)
    const { student } = await makeEnrollment(world.deps, { courseId })
    await makeEnrollment(world.deps, { courseId })
    await world.client.as(student.accessToken).put(`/api/courses/${courseId}/reviews/mine`, { stars: 4 })
    const error = vi.spyOn(world.deps.log, 'error')
    const right = { lessons: 3, activations: 2, stars: [0, 0, 0, 1, 0] }

    // While the two activations are yet to be counted: they are not missing.
    expect(await countsOf(courseId)).toEqual({ ...right, activations: 0 })
    await check()
    expect(await countsOf(courseId)).toEqual(right)
    expect(error).not.toHaveBeenCalled()

    await world.database.pool.query(
      "update course_stats set lessons = 7, activations = 0, stars = '{2,0,0,0,0}' where course_id = $1",
      [courseId],
    )
    await check()
    expect(await countsOf(courseId)).toEqual(right)
    expect(error.mock.calls.map(([fault]) => fault)).toEqual([
      { courseId, kept: 7, counted: 3 },
      { courseId, kept: 0, counted: 2 },
      { courseId, kept: [2, 0, 0, 0, 0], counted: [0, 0, 0, 1, 0] },
    ])
    error.mockRestore()
  })
})
