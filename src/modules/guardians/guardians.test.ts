import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Client } from '../../../test/support/http.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { newId } from '../../platform/ids.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { makeEnrollment } from '../enrollments/factory.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const as = (person: Person) => world.client.as(person.accessToken)

async function makeFamily() {
  const [child, parent] = await Promise.all([
    makePerson(world.deps, { name: 'Mina' }),
    makePerson(world.deps, { role: 'parent', name: 'Priya' }),
  ])
  return { child, parent }
}

async function codeOf(child: Client): Promise<string> {
  const { status, body } = await child.post('/api/users/me/guardian-codes')
  expect(status).toBe(201)
  return body.code
}

async function link({ child, parent }: { child: Person; parent: Person }) {
  const { status } = await as(parent).post('/api/children', { code: await codeOf(as(child)) })
  expect(status).toBe(201)
}

describe('a guardian code', () => {
  it('201: of twelve readable letters, for 24 hours', async () => {
    const { child } = await makeFamily()
    const { body } = await as(child).post('/api/users/me/guardian-codes')
    expect(body.code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$/)
    expect(Date.parse(body.expiresAt) - world.clock.now().getTime()).toBe(24 * 3_600_000)
  })
  it('201: makes the parent a guardian, once; 400 code_invalid: the second time', async () => {
    const { child, parent } = await makeFamily()
    const code = await codeOf(as(child))
    const { status, body } = await as(parent).post('/api/children', { code: ` ${code.toLowerCase()} ` })
    expect(status).toBe(201)
    expect(body).toMatchObject({
      child: { id: child.id, name: 'Mina' },
      parent: { id: parent.id, name: 'Priya' },
    })
    const again = await as(parent).post('/api/children', { code })
    expect(again).toMatchObject({ status: 400, body: { code: 'code_invalid', errors: [{ path: '/code' }] } })
    expect((await as(parent).get('/api/children')).body.items).toEqual([body])
    expect((await as(child).get('/api/users/me/guardians')).body.items).toEqual([body])
  })
  it('201 for exactly one of two parents who redeem it at once', async () => {
    const { child, parent } = await makeFamily()
    const other = await makePerson(world.deps, { role: 'parent' })
    const code = await codeOf(as(child))
    const answers = await Promise.all([parent, other].map((who) => as(who).post('/api/children', { code })))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 400])
    expect((await as(child).get('/api/users/me/guardians')).body.items).toHaveLength(1)
  })
  it('201: for one who is a guardian already, with the link that there is', async () => {
    const family = await makeFamily()
    await link(family)
    await link(family)
    expect((await as(family.parent).get('/api/children')).body.items).toHaveLength(1)
  })
  it('400 code_invalid: a day later, and the oldest of more than five', async () => {
    const { child, parent } = await makeFamily()
    const codes: string[] = []
    for (let n = 0; n < 6; n++) {
      codes.push(await codeOf(as(child)))
      world.clock.advance({ minutes: 1 })
    }
    expect((await as(parent).post('/api/children', { code: codes[0] })).body.code).toBe('code_invalid')
    expect((await as(parent).post('/api/children', { code: codes[1] })).status).toBe(201)
    world.clock.advance({ hours: 24 })
    const later = await makePerson(world.deps, { role: 'parent' })
    expect((await as(later).post('/api/children', { code: codes[5] })).body.code).toBe('code_invalid')
  })
  it('400 code_invalid: of one who is no student any more, even where it is their own', async () => {
    const { child, parent } = await makeFamily()
    const admin = await makePerson(world.deps, { role: 'admin' })
    const [code, own] = [await codeOf(as(child)), await codeOf(as(child))]
    await as(admin).patch(`/api/users/${child.id}`, { role: 'parent' })
    const { body } = await world.client.post('/api/auth/login', {
      email: child.email,
      password: child.password,
    })
    for (const [who, typed] of [
      [parent.accessToken, code],
      [body.accessToken, own],
    ]) {
      const answer = await world.client.as(who).post('/api/children', { code: typed })
      expect(answer).toMatchObject({ status: 400, body: { code: 'code_invalid' } })
    }
  })
  it.each([
    [{}],
    [{ code: '' }],
    [{ code: 7 }],
    [{ code: 'x'.repeat(51) }],
    [{ code: 'x', childId: newId() }],
  ])('400: %j', async (body) => {
    const { parent } = await makeFamily()
    expect((await as(parent).post('/api/children', body)).status).toBe(400)
  })
  it('429: after ten tries within a minute', async () => {
    const { parent } = await makeFamily()
    const limited = await createWorld({ config: { rateLimits: true } })
    const person = await makePerson(limited.deps, { role: 'parent' })
    const statuses: number[] = []
    for (let n = 0; n < 11; n++)
      statuses.push(
        (await limited.client.as(person.accessToken).post('/api/children', { code: 'guess' })).status,
      )
    await limited.close()
    expect(parent.role).toBe('parent')
    expect(statuses).toEqual([...Array(10).fill(400), 429])
  })
})

describe('a guardian link', () => {
  it('204: ends from either side at once; 404: when there is none', async () => {
    const family = await makeFamily()
    const { child, parent } = family
    const seen = () => as(parent).get(`/api/children/${child.id}/enrollments`)
    await link(family)
    expect((await seen()).status).toBe(200)
    expect((await as(child).delete(`/api/users/me/guardians/${parent.id}`)).status).toBe(204)
    expect((await seen()).status).toBe(404)
    expect((await as(child).delete(`/api/users/me/guardians/${parent.id}`)).status).toBe(404)

    await link(family)
    expect((await as(parent).delete(`/api/children/${child.id}`)).status).toBe(204)
    expect((await seen()).status).toBe(404)
    expect((await as(parent).delete(`/api/children/${child.id}`)).status).toBe(404)
  })
  it('201, 204: made and ended by an admin; 404 for no parent, 400 /childId for no student', async () => {
    const { child, parent } = await makeFamily()
    const admin = as(await makePerson(world.deps, { role: 'admin' }))
    const path = `/api/users/${parent.id}/children`
    expect((await admin.post(path, { childId: child.id })).body.child.id).toBe(child.id)
    expect((await as(parent).get(`/api/children/${child.id}/enrollments`)).status).toBe(200)
    expect((await admin.delete(`${path}/${child.id}`)).status).toBe(204)
    expect((await admin.delete(`${path}/${child.id}`)).status).toBe(404)
    expect((await admin.post(`/api/users/${child.id}/children`, { childId: child.id })).status).toBe(404)
    for (const childId of [parent.id, newId()])
      expect(await admin.post(path, { childId })).toMatchObject({
        status: 400,
        body: { errors: [{ path: '/childId' }] },
      })
  })
  it('ends where the child is a student no more, and says so in the audit log', async () => {
    const family = await makeFamily()
    await link(family)
    const { child, parent } = family
    const admin = as(await makePerson(world.deps, { role: 'admin' }))
    await admin.patch(`/api/users/${child.id}`, { role: 'instructor' })
    await world.drain()
    expect((await as(parent).get('/api/children')).body.items).toEqual([])
    expect((await as(parent).get(`/api/children/${child.id}/enrollments`)).status).toBe(404)
    const { items } = (await admin.get(`/api/admin/audit?subject=${child.id}`)).body
    expect(items.map(({ action }: { action: string }) => action)).toContain('guardian.removed')
  })
  it('is forgotten with the account of either', async () => {
    const family = await makeFamily()
    await link(family)
    const archive = await as(family.parent).get('/api/users/me/export')
    expect(archive.body.guardians.children).toMatchObject([{ childId: family.child.id }])
    await as(family.child).delete('/api/users/me', { password: family.child.password })
    await world.drain()
    expect((await as(family.parent).get('/api/children')).body.items).toEqual([])
  })
})

describe('GET /children/:childId/enrollments', () => {
  it('200: of the own child, and each look is a fact in the audit trail', async () => {
    const { student: child, id } = await makeEnrollment(world.deps)
    const parent = await makePerson(world.deps, { role: 'parent' })
    await link({ child, parent })
    const { status, body } = await as(parent).get(`/api/children/${child.id}/enrollments?status=active`)
    expect(status).toBe(200)
    expect(body).toEqual({ items: [expect.objectContaining({ id, userId: child.id })], nextCursor: null })
    const { rows } = await world.database.pool.query(
      "select payload from events where type = 'child.viewed' and user_id = $1",
      [parent.id],
    )
    expect(rows).toEqual([{ payload: { parentId: parent.id, childId: child.id, what: 'enrollments' } }])
  })
  it('400, 404: what was not shown is no look', async () => {
    const { student: child } = await makeEnrollment(world.deps)
    const parent = await makePerson(world.deps, { role: 'parent' })
    await link({ child, parent })
    const at = `/api/children/${child.id}`
    expect((await as(parent).get(`${at}/enrollments?cursor=e30`)).status).toBe(400)
    expect((await as(parent).get(`${at}/progress/${newId()}`)).status).toBe(404)
    const { rows } = await world.database.pool.query(
      "select from events where type = 'child.viewed' and user_id = $1",
      [parent.id],
    )
    expect(rows).toEqual([])
  })
  it("404: another's child as one that never was, and nothing is noted; 403 for other roles; 401", async () => {
    const family = await makeFamily()
    await link(family)
    const other = as(await makePerson(world.deps, { role: 'parent' }))
    const path = `/api/children/${family.child.id}/enrollments`
    const refused = await other.get(path)
    const never = await other.get(`/api/children/${newId()}/enrollments`)
    expect({ ...refused.body, requestId: '' }).toEqual({ ...never.body, requestId: '' })
    expect(refused.status).toBe(404)
    expect((await as(family.child).get(path)).status).toBe(403)
    expect((await world.client.get(path)).status).toBe(401)
    expect((await other.get('/api/children/x/enrollments')).status).toBe(400)
  })
})
