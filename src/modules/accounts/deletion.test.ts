import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openNode } from '../../../test/support/node.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { newId } from '../../platform/ids.ts'
import { makePerson } from './factory.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
  // Not the last one, whoever else is an admin below.
  await makePerson(world.deps, { role: 'admin', email: 'first@example.org' })
})
afterAll(() => world.close())

const rowsOf = async (statement: string, ...values: unknown[]) =>
  (await world.database.pool.query(statement, values)).rows

describe('DELETE /users/me', () => {
  it('204: ends the sessions on every node and forgets the refresh cookie', async () => {
    const person = await makePerson(world.deps)
    const me = world.client.as(person.accessToken)
    const answer = await me.delete('/api/users/me', { password: person.password })
    expect(answer.status).toBe(204)
    expect(answer.headers.get('set-cookie')).toMatch(/lectern_refresh=;.*Path=\/api\/auth/)
    expect((await me.get('/api/users/me')).status).toBe(401)
    const restarted = await openNode(world)
    expect((await restarted.client.as(person.accessToken).get('/api/users/me')).status).toBe(401)
    await restarted.close()
    const { email, password, refreshToken } = person
    expect((await world.client.post('/api/auth/login', { email, password })).status).toBe(401)
    expect((await world.client.post('/api/auth/refresh', { refreshToken })).status).toBe(401)
  })
  it('204: nothing in the tables tells of the person any more', async () => {
    const email = 'unmistakable@example.org'
    const person = await makePerson(world.deps, { email, name: 'Unmistakable Name' })
    await world.client.as(person.accessToken).patch('/api/users/me', {
      headline: 'Unmistakable headline',
      bio: 'Unmistakable bio',
      locale: 'en-IN',
      timezone: 'Asia/Kolkata',
    })
    await world.client.post('/api/auth/password/forgot', { email })
    await world.client.post(
      '/api/auth/login',
      { email, password: person.password },
      { headers: { 'user-agent': 'Unmistakable device' } },
    )
    await rowsOf(
      `insert into identities values ('https://id.example.org', 'unmistakable', $1, now())`,
      person.id,
    )
    await world.drain()
    await world.client.as(person.accessToken).delete('/api/users/me', { password: person.password })
    await world.drain()
    expect(await rowsOf('select * from users where id = $1', person.id)).toMatchObject([
      {
        email: `deleted-${person.id}@deleted.invalid`,
        name: 'Deleted user',
        status: 'deleted',
        password_hash: null,
        locale: null,
        timezone: null,
        email_verified_at: null,
      },
    ])
    world.clock.advance({ days: 2 })
    await rowsOf(`select graphile_worker.add_job('accounts.clean-up', '{}')`)
    await world.drain()
    const tables = await rowsOf(
      `select table_schema as schema, table_name as name from information_schema.tables
       where table_schema in ('public', 'graphile_worker') and table_type = 'BASE TABLE'`,
    )
    expect(tables.length).toBeGreaterThan(10)
    for (const { schema, name } of tables) {
      const rows = await rowsOf(
        `select * from ${schema}.${name} as row where row::text ilike '%unmistakable%'`,
      )
      expect(rows, name).toEqual([])
    }
    const devices = await rowsOf(
      'select distinct user_agent, address from sessions where user_id = $1',
      person.id,
    )
    expect(devices).toEqual([{ user_agent: '', address: '' }])
  })
  it('204: the address can be registered anew, by somebody who is new', async () => {
    const person = await makePerson(world.deps)
    await world.client.as(person.accessToken).delete('/api/users/me', { password: person.password })
    const anew = { email: person.email, password: 'another password', name: 'Somebody' }
    const { status, body } = await world.client.post('/api/auth/register', anew)
    expect(status).toBe(201)
    expect(body.user.id).not.toBe(person.id)
  })
  it('204: publishes user.deleted with what the person was', async () => {
    const person = await makePerson(world.deps, { role: 'parent' })
    await world.client.as(person.accessToken).delete('/api/users/me', { password: person.password })
    const facts = await rowsOf(`select user_id, payload from events where type = 'user.deleted'`)
    expect(facts).toContainEqual({
      user_id: person.id,
      payload: { userId: person.id, role: 'parent', status: 'active' },
    })
  })
  it('204: asks no password of an account that has none', async () => {
    const person = await makePerson(world.deps)
    await rowsOf('update users set password_hash = null where id = $1', person.id)
    expect((await world.client.as(person.accessToken).delete('/api/users/me')).status).toBe(204)
  })
  it('400 validation_failed: no password is given; 401 invalid_credentials: a wrong one', async () => {
    const person = await makePerson(world.deps)
    const me = world.client.as(person.accessToken)
    expect(await me.delete('/api/users/me')).toMatchObject({
      status: 400,
      body: { errors: [{ path: '/password' }] },
    })
    expect((await me.delete('/api/users/me', { reason: 'bored' })).status).toBe(400)
    expect(await me.delete('/api/users/me', { password: 'a guess' })).toMatchObject({
      status: 401,
      body: { code: 'invalid_credentials' },
    })
    expect((await me.get('/api/users/me')).status).toBe(200)
  })
  it('204, then 401: asked for twice at once', async () => {
    const person = await makePerson(world.deps)
    const me = world.client.as(person.accessToken)
    const statuses = await Promise.all(
      [1, 2, 3].map(async () => (await me.delete('/api/users/me', { password: person.password })).status),
    )
    expect(statuses.sort()).toEqual([204, 401, 401])
    const [{ count }] = await rowsOf(
      `select count(*)::int from events where type = 'user.deleted' and payload ->> 'userId' = $1`,
      person.id,
    )
    expect(count).toBe(1)
  })
  it('401: a change that is under way at once brings nothing back', async () => {
    const person = await makePerson(world.deps)
    const me = world.client.as(person.accessToken)
    await Promise.all([
      me.delete('/api/users/me', { password: person.password }),
      ...[1, 2, 3, 4].map((i) => me.patch('/api/users/me', { bio: `version ${i}` })),
    ])
    expect(await rowsOf('select name, bio from users where id = $1', person.id)).toEqual([
      { name: 'Deleted user', bio: null },
    ])
  })
  it('401 unauthenticated', async () => {
    expect((await world.client.delete('/api/users/me', { password: 'x' })).status).toBe(401)
  })
})

describe('DELETE /users/:id', () => {
  it('204: the same by an admin, without a password; then it is 404', async () => {
    const [admin, person] = [await makePerson(world.deps, { role: 'admin' }), await makePerson(world.deps)]
    const admins = world.client.as(admin.accessToken)
    expect((await admins.delete(`/api/users/${person.id}`)).status).toBe(204)
    expect((await world.client.as(person.accessToken).get('/api/users/me')).status).toBe(401)
    expect((await admins.get(`/api/users/${person.id}`)).status).toBe(404)
    expect((await admins.delete(`/api/users/${person.id}`)).status).toBe(404)
    expect((await admins.delete(`/api/users/${newId()}`)).status).toBe(404)
    expect((await admins.patch(`/api/users/${person.id}`, { status: 'active' })).status).toBe(404)
    const [{ user_id }] = await rowsOf(
      `select user_id from events where type = 'user.deleted' and payload ->> 'userId' = $1`,
      person.id,
    )
    expect(user_id).toBe(admin.id)
  })
  it('401 for nobody, 403 forbidden for everybody else', async () => {
    const person = await makePerson(world.deps)
    expect((await world.client.delete(`/api/users/${person.id}`)).status).toBe(401)
    for (const role of ['student', 'parent', 'instructor'] as const) {
      const other = await makePerson(world.deps, { role })
      const answer = await world.client.as(other.accessToken).delete(`/api/users/${person.id}`)
      expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden' } })
    }
    expect((await world.client.as(person.accessToken).get('/api/users/me')).status).toBe(200)
  })
})
