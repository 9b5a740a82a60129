import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Client } from '../../../test/support/http.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { makeCourse } from './factory.ts'

let world: World
let owner: Person
let instructor: Client
beforeAll(async () => {
  world = await createWorld()
  owner = await makePerson(world.deps, { role: 'instructor' })
  instructor = world.client.as(owner.accessToken)
})
afterAll(() => world.close())

interface Outline {
  readonly sections: { id: string; position: number; lessons: { id: string; position: number }[] }[]
}

const pick = <Item>(items: readonly Item[], n: number): Item => items[n % items.length] as Item

it('adds, removals, moves and new orders at once lose and double nothing, and leave no gap', async () => {
  const course = await makeCourse(world.deps, { owner, sections: [[{}, {}, {}, {}], [{}, {}, {}], [{}]] })
  const read = async (): Promise<Outline> => (await instructor.get(`/api/courses/${course.id}`)).body
  const [removedSection = '', ...keptSections] = [...course.sectionIds].reverse()
  const there = new Set(course.lessonIds)
  const told = (status: number, ...expected: number[]) => {
    expect(expected).toContain(status)
  }

  const add = async (n: number) => {
    const sectionId = pick(keptSections, n)
    const { status, body } = await instructor.post('/api/lessons', {
      sectionId,
      title: `New ${n}`,
      type: 'text',
    })
    told(status, 201)
    there.add(body.id)
  }
  const remove = async (n: number) => {
    const id = course.lessonIds[n * 2] ?? ''
    told((await instructor.delete(`/api/lessons/${id}`)).status, 204)
    there.delete(id)
  }
  const move = async (n: number) => {
    const path = `/api/lessons/${pick(course.lessonIds, n * 2 + 1)}`
    told((await instructor.patch(path, { sectionId: pick(keptSections, n) })).status, 200, 404)
  }
  const reorder = async () => {
    const order = (await read()).sections
      .map(({ id, lessons }) => ({ sectionId: id, lessonIds: lessons.map((lesson) => lesson.id).reverse() }))
      .reverse()
    told((await instructor.put(`/api/courses/${course.id}/outline`, order)).status, 200, 409)
  }
  const removeSection = async () => {
    told((await instructor.delete(`/api/sections/${removedSection}`)).status, 204)
  }

  for (let round = 0; round < 3; round++) {
    await Promise.all([
      ...[0, 1, 2].map((n) => add(round * 3 + n)),
      ...[0, 1, 2, 3].map((n) => move(round + n)),
      remove(round),
      reorder(),
      reorder(),
      ...(round === 2 ? [removeSection()] : []),
    ])
  }

  const { sections } = await read()
  expect(sections.map(({ position }) => position)).toEqual(sections.map((_, index) => index + 1))
  for (const { lessons } of sections)
    expect(lessons.map(({ position }) => position)).toEqual(lessons.map((_, index) => index + 1))
  const left = sections.flatMap(({ lessons }) => lessons.map(({ id }) => id))
  expect(new Set(left).size).toBe(left.length)
  expect(left.every((id) => there.has(id))).toBe(true)
  const { rows } = await world.database.pool.query('select id from lessons where course_id = $1', [course.id])
  expect(rows.map(({ id }: { id: string }) => id).toSorted()).toEqual(left.toSorted())
  // Nothing moved into the section that was removed, so that no more went with it than what was in it.
  const gone = [...there].filter((id) => !left.includes(id))
  expect([[], course.lessonIds.slice(-1)]).toContainEqual(gone)
  expect(sections.map(({ id }) => id).toSorted()).toEqual([...keptSections].toSorted())
})
