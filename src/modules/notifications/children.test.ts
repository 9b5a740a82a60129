import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { oneOfEach, quizOf, rightAnswers } from '../assessments/factory.ts'
import { makeCourse } from '../catalogue/factory.ts'
import { collectDigests } from './gather-digests.ts'
import { tellPeople } from './tell-people.ts'

let world: World
let quizId: string
let courseId: string
beforeAll(async () => {
  world = await createWorld()
  const course = await makeCourse(world.deps, { title: 'Tested', sections: [[{ type: 'quiz' }]] })
  const quiz = { ...quizOf(), questions: oneOfEach }
  const { body } = await as(course.owner).put(`/api/lessons/${course.lessonIds[0]}/quiz`, quiz)
  quizId = body.id
  courseId = course.id
})
afterAll(() => world.close())

const as = (person: Person) => world.client.as(person.accessToken)
const mailsTo = (person: Person) => world.mails.filter(({ to }) => to === person.email)
const titlesOf = async (person: Person): Promise<string[]> => {
  const { rows } = await world.database.pool.query(
    'select title from notifications where user_id = $1 order by title',
    [person.id],
  )
  return rows.map(({ title }: { title: string }) => title)
}
const result = (child: string) => `${child}: 100 % in “What stuck?”`
const certificate = (child: string) => `${child} has earned a certificate`

async function link(parent: Person, child: Person): Promise<void> {
  const { body } = await as(child).post('/api/users/me/guardian-codes')
  expect((await as(parent).post('/api/children', { code: body.code })).status).toBe(201)
}
async function pass(child: Person): Promise<void> {
  await as(child).post('/api/enrollments', { courseId })
  const { body: attempt } = await as(child).post(`/api/quizzes/${quizId}/attempts`)
  await as(child).put(`/api/attempts/${attempt.id}/answers`, { answers: rightAnswers(attempt) })
  expect((await as(child).post(`/api/attempts/${attempt.id}/submit`)).status).toBe(200)
}
/** A parent of two, whose results wait for the digest. */
async function makeFamily() {
  const parent = await makePerson(world.deps, { role: 'parent' })
  const mina = await makePerson(world.deps, { name: 'Mina' })
  const noor = await makePerson(world.deps, { name: 'Noor' })
  await as(parent).put('/api/notifications/preferences', { digest: 'daily' })
  for (const child of [mina, noor]) {
    await link(parent, child)
    await pass(child)
  }
  await world.drain()
  expect(await titlesOf(parent)).toHaveLength(4)
  return { parent, mina, noor }
}
async function sendDigest(parent: Person): Promise<string> {
  await world.deps.transact((tx) => collectDigests(tx, [parent.id]))
  await world.drain()
  return mailsTo(parent)
    .map(({ text }) => text)
    .join()
}

describe('what a parent was told of a child', () => {
  it('is gone when the child removes them, from the list and from what is to be mailed; of the other child it stays', async () => {
    const { parent, mina, noor } = await makeFamily()
    expect((await as(mina).delete(`/api/users/me/guardians/${parent.id}`)).status).toBe(204)
    await world.drain()
    expect(await titlesOf(parent)).toEqual([result('Noor'), certificate('Noor')].toSorted())
    const digest = await sendDigest(parent)
    expect(digest).toContain(noor.name)
    expect(digest).not.toContain(mina.name)
  })
  it('is gone when they are no parent any more', async () => {
    const { parent } = await makeFamily()
    const admin = await makePerson(world.deps, { role: 'admin' })
    await as(admin).patch(`/api/users/${parent.id}`, { role: 'student' })
    await world.drain()
    expect(await titlesOf(parent)).toEqual([])
    expect(await sendDigest(parent)).toBe('')
  })
  it('is gone with the child’s account; and who is gone is told of no more, though it happened before', async () => {
    const { parent, mina } = await makeFamily()
    await as(mina).delete('/api/users/me', { password: mina.password })
    const notice = {
      factId: parent.id,
      kind: 'child' as const,
      title: result('Mina'),
      body: 'Late.',
      data: { childId: mina.id },
    }
    const cause = { userId: null, at: world.clock.now() }
    await world.drain()
    await world.deps.transact((tx) =>
      tellPeople(tx, cause, { notice, userIds: [parent.id], aboutId: mina.id }),
    )
    expect(await titlesOf(parent)).toEqual([result('Noor'), certificate('Noor')].toSorted())
  })
})
