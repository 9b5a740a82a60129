import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makePerson } from '../../src/modules/accounts/factory.ts'
import { type MadeCourse, makeCourse } from '../../src/modules/catalogue/factory.ts'
import { layCable } from '../support/cable.ts'
import { hold } from '../support/hold.ts'
import type { Answer } from '../support/http.ts'
import { type Node, openNode } from '../support/node.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
let course: MadeCourse
let node: Node
beforeAll(async () => {
  world = await createWorld()
  course = await makeCourse(world.deps, { title: 'As it was' })
  node = await openNode(world, { patience: { lockMs: 200 } })
})
afterAll(async () => {
  await node.close()
  await world.close()
})

function expectOverloaded(answer: Answer): void {
  expect(answer).toMatchObject({ status: 503, body: { code: 'overloaded' } })
  expect(answer.headers.get('retry-after')).toBe('1')
  expect(JSON.stringify(answer.body)).not.toMatch(/lock|timeout|statement/)
}

/** Somebody else has the course, as one who forgot to end a transaction in psql. */
const holdCourse = () =>
  hold(world.deps.transact, (tx) => sql`select from courses where id = ${course.id} for update`.execute(tx))

const written = async () => {
  const { rows } = await world.database.pool.query(
    `select (select count(*) from enrollments) enrollments, (select count(*) from events) events,
       (select count(*) from graphile_worker._private_jobs) jobs, (select count(*) from idempotency_keys) keys`,
  )
  return rows
}

it('503 overloaded where another holds the row: nothing is changed, other rows are, and this one when it is free', async () => {
  const owner = node.client.as(course.owner.accessToken)
  const other = await makeCourse(world.deps, { owner: course.owner })
  const path = `/api/courses/${course.id}`
  const held = await holdCourse()
  expectOverloaded(await owner.patch(path, { title: 'As it is to be' }))
  expect((await owner.get(path)).body.title).toBe('As it was')
  expect((await owner.patch(`/api/courses/${other.id}`, { title: 'Another' })).status).toBe(200)
  await held.release()
  expect(await owner.patch(path, { title: 'As it is to be' })).toMatchObject({
    status: 200,
    body: { title: 'As it is to be' },
  })
})

it('503 overloaded in the midst of a transaction: none of it is done, and the same key does it later, once', async () => {
  const student = node.client.as((await makePerson(world.deps)).accessToken)
  const enroll = () =>
    student.post(
      '/api/enrollments',
      { courseId: course.id },
      { headers: { 'idempotency-key': 'a slow day' } },
    )
  const before = await written()
  const held = await holdCourse()
  expectOverloaded(await enroll())
  expect(await written()).toEqual(before)
  await held.release()
  const first = await enroll()
  expect(first).toMatchObject({ status: 201, body: { status: 'active' } })
  expect((await enroll()).body).toEqual(first.body)
})

it('503 overloaded for a statement that takes too long; health answers', async () => {
  const slow = await openNode(world, { patience: { statementMs: 200 } })
  const owner = slow.client.as(course.owner.accessToken)
  expect((await owner.get('/api/courses/mine')).status).toBe(200)
  const held = await hold(world.deps.transact, (tx) => sql`lock table courses`.execute(tx))
  expectOverloaded(await owner.get('/api/courses/mine'))
  expect((await slow.client.get('/healthz')).status).toBe(200)
  await held.release()
  expect((await owner.get('/api/courses/mine')).status).toBe(200)
  await slow.close()
})

it('a process that froze in the midst of a transaction loses it, and its locks are free for others', async () => {
  const frozen = await openNode(world, { patience: { idleMs: 200 } })
  const held = await hold(frozen.deps.transact, (tx) =>
    sql`update courses set title = 'Never committed' where id = ${course.id}`.execute(tx),
  )
  const owner = world.client.as(course.owner.accessToken)
  expect((await owner.patch(`/api/courses/${course.id}`, { subtitle: 'Free again' })).status).toBe(200)
  await expect(held.release()).rejects.toThrow()
  expect((await owner.get(`/api/courses/${course.id}`)).body.title).not.toBe('Never committed')
  expect((await frozen.client.get('/api/courses?limit=3')).status).toBe(200)
  await frozen.close()
})

describe('a line to the database that is dead without a word', () => {
  const patience = { silentMs: 300 }

  it('503 overloaded for who waits on it, all is on record that was acknowledged, and the next are served by other connections', async () => {
    const direct = new URL(world.databaseUrl)
    const cable = await layCable(Number(direct.port))
    const [databaseUrl, connections] = [Object.assign(direct, { port: String(cable.port) }).href, 2]
    const deaf = await openNode(world, { patience, databaseUrl, connections })
    const owner = deaf.client.as(course.owner.accessToken)
    const path = `/api/courses/${course.id}`
    const both = () =>
      Promise.all([owner.get('/api/courses/mine'), owner.patch(path, { subtitle: 'Acknowledged' })])
    expect((await both()).map(({ status }) => status)).toEqual([200, 200])
    cable.hush()
    for (const answer of await both()) expectOverloaded(answer)
    expect((await both()).map(({ status }) => status)).toEqual([200, 200])
    // The connection for signals went by it, too, and would be waited for.
    await cable.close()
    await deaf.close()
  })

  it('is not one where the server is at work: a statement takes as long as it takes', async () => {
    const patient = await openNode(world, { patience })
    const { rows } = await patient.database.pool.query('select true as done from pg_sleep(2)')
    expect(rows).toEqual([{ done: true }])
    await patient.close()
  })
})
