import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import { newId } from '../../platform/ids.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { makeCourse } from '../catalogue/factory.ts'
import { makeEnrollment } from '../enrollments/factory.ts'
import { makeFriends } from '../friends/factory.ts'
import { findReachable } from './find-reachable.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const newPerson = (role: Person['role'] = 'student') => makePerson(world.deps, { role })
const as = (person: Person) => world.client.as(person.accessToken)
async function reaches(from: Person, to: Person): Promise<boolean> {
  const [there, back] = await Promise.all([
    findReachable(world.deps.db, { userId: from.id }, [to.id]),
    findReachable(world.deps.db, { userId: to.id }, [from.id]),
  ])
  expect(there.has(to.id)).toBe(back.has(from.id))
  return there.has(to.id)
}

describe('findReachable', () => {
  it('in one statement: friends and none but them, of many', async () => {
    const [asha, ben, carl] = await Promise.all([newPerson(), newPerson(), newPerson()])
    await makeFriends(world.deps, asha, ben)
    await as(asha).post('/api/friends/request', { userId: carl.id })
    world.statements.length = 0
    const found = await findReachable(world.deps.db, { userId: asha.id }, [ben.id, carl.id, newId(), asha.id])
    expect([...found]).toEqual([ben.id])
    expect(world.statements).toHaveLength(1)
    expect([...(await findReachable(world.deps.db, { userId: asha.id }, []))]).toEqual([])
  })
  it.each([
    ['pending', false],
    ['active', true],
    ['completed', true],
    ['cancelled', false],
  ] as const)('teacher and student of one course, whose enrollment is %s: %s', async (status, reachable) => {
    const price = status === 'pending' ? { price: { amount: 100, currency: 'INR' } } : {}
    const { owner, id: courseId } = await makeCourse(world.deps, price)
    const { student } = await makeEnrollment(world.deps, { courseId, status })
    expect(await reaches(owner, student)).toBe(reachable)
  })
  it('no more: when the friendship, the teaching or the enrollment ends', async () => {
    const { owner, id: courseId } = await makeCourse(world.deps)
    const { student, id } = await makeEnrollment(world.deps, { courseId })
    const [successor, admin] = await Promise.all([newPerson('instructor'), newPerson('admin')])
    await as(admin).put(`/api/courses/${courseId}/instructors`, [{ userId: successor.id, role: 'lead' }])
    expect(await reaches(owner, student)).toBe(false)
    expect(await reaches(successor, student)).toBe(true)
    await as(student).post(`/api/enrollments/${id}/cancel`)
    expect(await reaches(successor, student)).toBe(false)

    await makeFriends(world.deps, owner, student)
    expect(await reaches(owner, student)).toBe(true)
    await as(owner).delete(`/api/friends/${student.id}`)
    expect(await reaches(owner, student)).toBe(false)
  })
  it.each(['parent', 'student'] as const)(
    'no more: for a teacher who is made a %s, until they teach again',
    async (role) => {
      const { owner, id: courseId } = await makeCourse(world.deps)
      const { student } = await makeEnrollment(world.deps, { courseId })
      const admin = await newPerson('admin')
      for (const [is, reachable] of [
        [role, false],
        ['admin', true],
        ['instructor', true],
      ] as const) {
        expect((await as(admin).patch(`/api/users/${owner.id}`, { role: is })).status).toBe(200)
        expect(await reaches(owner, student)).toBe(reachable)
      }
    },
  )
  it('not: fellow students, fellow teachers, strangers, admins as such, oneself', async () => {
    const { owner, id: courseId } = await makeCourse(world.deps)
    const [{ student }, { student: fellow }, admin, colleague] = await Promise.all([
      makeEnrollment(world.deps, { courseId }),
      makeEnrollment(world.deps, { courseId }),
      newPerson('admin'),
      newPerson('instructor'),
    ])
    await as(admin).put(`/api/courses/${courseId}/instructors`, [
      { userId: owner.id, role: 'lead' },
      { userId: colleague.id, role: 'assistant' },
    ])
    expect(await reaches(student, fellow)).toBe(false)
    expect(await reaches(owner, colleague)).toBe(false)
    expect(await reaches(student, colleague)).toBe(true)
    expect(await reaches(admin, student)).toBe(false)
    expect(await reaches(student, student)).toBe(false)
  })
  it('neither way: once either has blocked the other, until it is taken back', async () => {
    const { owner, id: courseId } = await makeCourse(world.deps)
    const { student } = await makeEnrollment(world.deps, { courseId })
    await as(student).post(`/api/blocks/${owner.id}`)
    expect(await reaches(owner, student)).toBe(false)
    await as(student).delete(`/api/blocks/${owner.id}`)
    expect(await reaches(owner, student)).toBe(true)
  })
  it('neither way: while one is suspended, or when gone', async () => {
    const [asha, ben, admin] = await Promise.all([newPerson(), newPerson(), newPerson('admin')])
    await makeFriends(world.deps, asha, ben)
    await as(admin).patch(`/api/users/${ben.id}`, { status: 'suspended' })
    expect(await reaches(asha, ben)).toBe(false)
    await as(admin).patch(`/api/users/${ben.id}`, { status: 'active' })
    expect(await reaches(asha, ben)).toBe(true)
    await as(admin).delete(`/api/users/${ben.id}`)
    expect(await reaches(asha, ben)).toBe(false)
  })
})
