import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { randomOf } from '../../../test/proof/random.ts'
import type { Client } from '../../../test/support/http.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { makePerson } from '../accounts/factory.ts'
import { type MadeCourse, makeCourse } from '../catalogue/factory.ts'
import { makeEnrollment } from '../enrollments/factory.ts'
import { findCountFaults, findEnrollmentFaults } from './fact-queries.ts'

let world: World
let owner: Client
let course: MadeCourse
let student: Client
let enrollmentId: string
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

async function begin(sections = [[{}, {}], [{}]]): Promise<void> {
  const person = await makePerson(world.deps, { role: 'instructor' })
  owner = world.client.as(person.accessToken)
  course = await makeCourse(world.deps, { owner: person, sections })
  const made = await makeEnrollment(world.deps, { courseId: course.id })
  student = world.client.as(made.student.accessToken)
  enrollmentId = made.id
}

const complete = (lessonId: string | undefined) => student.post('/api/progress/lesson', { lessonId })
const percent = async () => (await student.get(`/api/progress/course/${course.id}`)).body.course.percent
const status = async () => (await student.get(`/api/enrollments/${enrollmentId}`)).body.status
const nth = (index: number) => course.lessonIds[index] ?? ''

describe('percent', () => {
  it('falls when a lesson is added, rises when one that is missing is deleted', async () => {
    await begin()
    await complete(nth(0))
    expect(await percent()).toBe(33)
    await owner.post('/api/lessons', { sectionId: course.sectionIds[1], title: 'New', type: 'text' })
    expect(await percent()).toBe(25)
    await owner.delete(`/api/lessons/${nth(1)}`)
    expect(await percent()).toBe(33)
    await owner.delete(`/api/lessons/${nth(0)}`)
    expect(await percent()).toBe(0)
  })
  it('stays when lessons and sections are moved, and goes with a section that is deleted', async () => {
    await begin()
    await complete(nth(2))
    const [a, b] = course.sectionIds
    const order = [
      { sectionId: b, lessonIds: [nth(1)] },
      { sectionId: a, lessonIds: [nth(2), nth(0)] },
    ]
    expect((await owner.put(`/api/courses/${course.id}/outline`, order)).status).toBe(200)
    expect(await percent()).toBe(33)
    await owner.delete(`/api/sections/${b}`)
    expect(await percent()).toBe(50)
  })
  it('of a completed course is below 100 when lessons are added, and the course stays completed', async () => {
    await begin([[{}]])
    await complete(nth(0))
    expect([await percent(), await status()]).toEqual([100, 'completed'])
    await owner.post('/api/lessons', { sectionId: course.sectionIds[0], title: 'New', type: 'text' })
    expect([await percent(), await status()]).toEqual([50, 'completed'])
    await owner.delete(`/api/lessons/${nth(0)}`)
    expect([await percent(), await status()]).toEqual([0, 'completed'])
  })
  it.each([1, 2, 3])(
    'is that of the lessons there are, and the facts are exact, after history %i',
    async (seed) => {
      const random = randomOf(seed)
      await begin()
      const sections = [...course.sectionIds]
      let lessons = [...course.lessonIds]
      const done = new Set<string>()
      const pick = () => random.pick(lessons) ?? ''
      for (let step = 0; step < 40; step++) {
        const move = random.between(0, 5)
        if (move === 0) {
          const sectionId = random.pick(sections)
          const { body } = await owner.post('/api/lessons', { sectionId, title: 'New', type: 'text' })
          lessons.push(body.id)
        } else if (move === 1 && lessons.length > 1) {
          const gone = pick()
          await owner.delete(`/api/lessons/${gone}`)
          lessons = lessons.filter((id) => id !== gone)
          done.delete(gone)
        } else if (move === 2 && random.happens(0.25)) {
          await student.post(`/api/progress/course/${course.id}/reset`)
          done.clear()
        } else if (move === 3) {
          await student.post('/api/progress/lesson', {
            lessonId: pick(),
            positionSeconds: random.between(0, 99),
          })
        } else if (lessons.length > 0) {
          const lessonId = pick()
          await complete(lessonId)
          done.add(lessonId)
        }
        expect(await percent()).toBe(Math.floor((done.size * 100) / lessons.length))
      }
      expect(await findEnrollmentFaults(world.deps.db, 10)).toEqual([])
      expect(await findCountFaults(world.deps.db, 10)).toEqual([])
    },
  )
})
