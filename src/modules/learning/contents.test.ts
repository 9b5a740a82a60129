import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import { newId } from '../../platform/ids.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { type MadeCourse, makeCourse } from '../catalogue/factory.ts'
import { makeEnrollment } from '../enrollments/factory.ts'

let world: World
let owner: Person
let admin: Person
let stranger: Person
beforeAll(async () => {
  world = await createWorld()
  owner = await makePerson(world.deps, { role: 'instructor' })
  admin = await makePerson(world.deps, { role: 'admin' })
  stranger = await makePerson(world.deps)
})
afterAll(() => world.close())

const as = (person: Person) => world.client.as(person.accessToken)

describe.each([
  ['GET /sections/:courseId', ({ id }: MadeCourse) => `/api/sections/${id}`],
  ['GET /lessons/:sectionId', ({ sectionIds }: MadeCourse) => `/api/lessons/${sectionIds[0]}`],
])('%s', (_name, pathOf) => {
  it.each([
    ['taken back', (course: MadeCourse) => as(owner).post(`/api/courses/${course.id}/unpublish`)],
    [
      'hidden',
      (course: MadeCourse) =>
        as(admin).put(`/api/courses/${course.id}/visibility`, { hidden: true, reason: 'Why' }),
    ],
  ])(
    'as the course: once it is %s, 200 for owners and the enrolled, 404 for others',
    async (_what, change) => {
      const course = await makeCourse(world.deps, { owner, price: { amount: 100, currency: 'EUR' } })
      const { student } = await makeEnrollment(world.deps, { courseId: course.id })
      const pending = await makeEnrollment(world.deps, { courseId: course.id, status: 'pending' })
      const cancelled = await makeEnrollment(world.deps, { courseId: course.id, status: 'cancelled' })
      const path = pathOf(course)
      expect((await world.client.get(path)).status).toBe(200)
      expect((await change(course)).status).toBe(200)
      for (const person of [owner, admin, student]) expect((await as(person).get(path)).status).toBe(200)
      for (const person of [stranger, pending.student, cancelled.student])
        expect((await as(person).get(path)).status).toBe(404)
      expect((await world.client.get(path)).status).toBe(404)
      expect((await as(student).get(`/api/courses/${course.id}`)).status).toBe(200)
    },
  )
  it('404 for none, 400 for a cursor that is not its own', async () => {
    const course = await makeCourse(world.deps, { owner })
    const none = { ...course, id: newId(), sectionIds: [newId()] }
    expect((await as(owner).get(pathOf(none))).status).toBe(404)
    for (const cursor of [
      'x',
      Buffer.from('"a"').toString('base64url'),
      Buffer.from('0').toString('base64url'),
    ])
      expect((await as(owner).get(`${pathOf(course)}?cursor=${cursor}`)).body.errors[0].path).toBe('/cursor')
  })
})
