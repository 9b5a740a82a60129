import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { oneBehind } from '../../../test/support/one-behind.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import type { Tx } from '../../platform/database/database.ts'
import { eraseUser } from '../accounts/erase-user.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { actorFor, makeCourse } from '../catalogue/factory.ts'
import { enroll } from './enroll.ts'
import { grantEnrollment } from './grant-enrollment.ts'
import { importLines } from './import-lines.ts'

let world: World
let owner: Person
let courseId: string
beforeAll(async () => {
  world = await createWorld()
  owner = await makePerson(world.deps, { role: 'instructor' })
  courseId = (await makeCourse(world.deps, { owner })).id
})
afterAll(() => world.close())

const erase = (student: Person) => (tx: Tx) =>
  eraseUser(tx, { userId: null, at: world.clock.now() }, { userId: student.id })
const lineOf = ({ email }: Person) => ({ line: 2, email, fault: null })
const ways: [string, (student: Person) => (tx: Tx) => Promise<unknown>, unknown][] = [
  [
    'enrolls',
    (student) => (tx) => enroll(tx, actorFor(student, world.deps), courseId),
    { status: 'rejected', reason: { kind: { code: 'unauthenticated' } } },
  ],
  [
    'is granted the course',
    (student) => (tx) => grantEnrollment(tx, actorFor(owner, world.deps), { courseId, userId: student.id }),
    { status: 'rejected', reason: { details: { errors: [{ path: '/userId' }] } } },
  ],
  [
    'is granted the course by e-mail',
    (student) => (tx) => grantEnrollment(tx, actorFor(owner, world.deps), { courseId, email: student.email }),
    { status: 'rejected', reason: { details: { errors: [{ path: '/email' }] } } },
  ],
  [
    'is imported',
    (student) => (tx) => importLines(tx, actorFor(owner, world.deps), { courseId, lines: [lineOf(student)] }),
    { status: 'fulfilled', value: [{ outcome: 'unknown_person' }] },
  ],
]
async function enrollmentsOf({ id }: Person): Promise<unknown[]> {
  const { rows } = await world.database.pool.query('select status from enrollments where user_id = $1', [id])
  return rows.map(({ status }) => status)
}

describe.each(ways)('somebody who %s while their account is being deleted', (_way, begin, told) => {
  it('is nobody where the deletion was first', async () => {
    const student = await makePerson(world.deps)
    const [, outcome] = await oneBehind(world, erase(student), async () => {
      const [result] = await Promise.allSettled([world.deps.transact(begin(student))])
      return result
    })
    expect(outcome).toMatchObject(told as object)
    await world.drain()
    expect(await enrollmentsOf(student)).toEqual([])
  })

  it('loses the access with the account where the deletion waits', async () => {
    const student = await makePerson(world.deps)
    await oneBehind(world, begin(student), () => world.deps.transact(erase(student)))
    await world.drain()
    expect(await enrollmentsOf(student)).toEqual(['cancelled'])
  })
})
