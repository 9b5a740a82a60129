import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Node, openNode } from '../../../test/support/node.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { makePerson, type Person } from './factory.ts'

let world: World
let node: Node
beforeAll(async () => {
  world = await createWorld()
  node = await openNode(world)
})
afterAll(async () => {
  await node.close()
  await world.close()
})

const statusAt = async (which: Node | World, { accessToken }: Person) =>
  (await which.client.as(accessToken).get('/api/users/me')).status

describe('a session that ended', () => {
  it('401 on the other node as soon as it hears of it', async () => {
    const people = await Promise.all([makePerson(world.deps), makePerson(world.deps), makePerson(world.deps)])
    const admin = await makePerson(world.deps, { role: 'admin' })
    const [out, suspended, demoted] = people
    for (const person of people) expect(await statusAt(node, person)).toBe(200)
    await world.client.as(out.accessToken).post('/api/auth/logout')
    const admins = world.client.as(admin.accessToken)
    await admins.patch(`/api/users/${suspended.id}`, { status: 'suspended' })
    await admins.patch(`/api/users/${demoted.id}`, { role: 'parent' })
    for (const person of people) {
      expect(await statusAt(world, person)).toBe(401)
      await vi.waitFor(async () => expect(await statusAt(node, person)).toBe(401), { timeout: 2_000 })
    }
  })
  it('401 on every node however many sessions end at once', async () => {
    const person = await makePerson(world.deps)
    await world.database.pool.query(
      `insert into sessions (id, user_id, user_agent, address, native, created_at, last_used_at, expires_at)
       select uuidv7(), $1, '', '', false, now(), now(), now() + interval '1 day' from generate_series(1, 450)`,
      [person.id],
    )
    expect((await world.client.as(person.accessToken).post('/api/auth/logout-all')).status).toBe(204)
    await vi.waitFor(async () => expect(await statusAt(node, person)).toBe(401), { timeout: 2_000 })
  })
  it('401 after a restart', async () => {
    const [out, stays] = [await makePerson(world.deps), await makePerson(world.deps)]
    await world.client.as(out.accessToken).post('/api/auth/logout')
    world.clock.advance({ minutes: 14 })
    const restarted = await openNode(world)
    expect(await statusAt(restarted, out)).toBe(401)
    expect(await statusAt(restarted, stays)).toBe(200)
    await restarted.close()
  })
  it('401 on a node that cannot hear, which asks the database instead', async () => {
    const [out, stays] = [await makePerson(world.deps), await makePerson(world.deps)]
    const deaf = await openNode(world)
    await deaf.deps.signals.close()
    await world.client.as(out.accessToken).post('/api/auth/logout')
    expect(await statusAt(deaf, out)).toBe(401)
    expect(await statusAt(deaf, stays)).toBe(200)
    await deaf.close()
  })
})

it('the guard of a signed-in request asks the database nothing', async () => {
  const person = await makePerson(world.deps)
  world.statements.length = 0
  const answer = await world.client.as(person.accessToken).get('/api/users')
  expect(answer.status).toBe(403)
  expect(world.statements).toEqual([])
})
