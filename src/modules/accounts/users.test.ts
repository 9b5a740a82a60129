import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Client } from '../../../test/support/http.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { newId } from '../../platform/ids.ts'
import { makePerson, type Person, tokenIn } from './factory.ts'
import { onUserChanged } from './user-signals.ts'

let world: World
let admin: Person
let admins: Client
beforeAll(async () => {
  world = await createWorld()
  admin = await makePerson(world.deps, { role: 'admin' })
  admins = world.client.as(admin.accessToken)
})
afterAll(() => world.close())

const factsOf = async (userId: string) => {
  const { rows } = await world.database.pool.query(
    `select type, user_id as by, payload from events where payload ->> 'userId' = $1 and type not like 'session.%' order by id`,
    [userId],
  )
  return rows
}

describe('POST /users', () => {
  it('201: makes an account in any role, which signs in with the given password', async () => {
    const wish = { email: 'made@example.org', name: ' Made ', role: 'admin', password: 'a long password' }
    const { status, body } = await admins.post('/api/users', wish)
    expect(status).toBe(201)
    expect(body).toMatchObject({ email: 'made@example.org', name: 'Made', role: 'admin', status: 'active' })
    const { email, password } = wish
    expect((await world.client.post('/api/auth/login', { email, password })).status).toBe(200)
    expect(await factsOf(body.id)).toMatchObject([
      { type: 'user.created', by: admin.id, payload: { role: 'admin', invited: false } },
    ])
    await world.drain()
    const mails = world.mails.filter(({ to }) => to === email)
    expect(mails.map(({ text }) => text.includes('/verify-email?'))).toEqual([true])
  })
  it('201: without a password, invites by a link that works for seven days', async () => {
    const email = 'invited@example.org'
    const { body } = await admins.post('/api/users', { email, name: 'Invited', role: 'instructor' })
    await world.drain()
    const mails = world.mails.filter(({ to }) => to === email)
    expect(mails).toHaveLength(1)
    expect(mails[0]?.subject).toMatch(/choose a password/)
    world.clock.advance({ days: 6, hours: 23 })
    const renewed = await makePerson(world.deps, { role: 'admin' })
    admins = world.client.as(renewed.accessToken)
    const password = 'a chosen password'
    const reset = await world.client.post('/api/auth/password/reset', { token: tokenIn(mails[0]), password })
    expect(reset.status).toBe(204)
    const signedIn = await world.client.post('/api/auth/login', { email, password })
    expect(signedIn).toMatchObject({ status: 200, body: { user: { id: body.id, emailVerified: true } } })
  })
  it('201: who has lost the invitation gets another by "forgot password"', async () => {
    const email = 'lost@example.org'
    await admins.post('/api/users', { email, name: 'Lost', role: 'student' })
    await world.drain()
    world.clock.advance({ minutes: 2 })
    await world.client.post('/api/auth/password/forgot', { email })
    await world.drain()
    const subjects = world.mails.filter(({ to }) => to === email).map(({ subject }) => subject)
    expect(subjects).toHaveLength(2)
    expect(subjects[1]).toBe(subjects[0])
  })
  it('409 email_taken: whatever the case, and of requests at once all but one', async () => {
    const wish = { email: 'race@example.org', name: 'Race', role: 'student' }
    const answers = await Promise.all(
      ['race@example.org', 'Race@example.org', 'RACE@EXAMPLE.ORG'].map((email) =>
        admins.post('/api/users', { ...wish, email }),
      ),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409])
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe('email_taken')
  })
  it.each([
    [{ role: 'owner' }, '/role'],
    [{ role: undefined }, '/role'],
    [{ email: 'x' }, '/email'],
    [{ password: 'short' }, '/password'],
    [{ status: 'suspended' }, '/status'],
  ])('400 validation_failed: %j names %s', async (wrong, path) => {
    const wish = { email: 'wrong@example.org', name: 'Wrong', role: 'student', ...wrong }
    expect(await admins.post('/api/users', wish)).toMatchObject({ status: 400, body: { errors: [{ path }] } })
  })
})

describe('PATCH /users/:id', () => {
  it('200: another role ends all sessions at once, and counts from the next sign-in', async () => {
    const person = await makePerson(world.deps)
    const { status, body } = await admins.patch(`/api/users/${person.id}`, { role: 'instructor' })
    expect(status).toBe(200)
    expect(body).toMatchObject({ id: person.id, role: 'instructor' })
    expect((await world.client.as(person.accessToken).get('/api/users/me')).status).toBe(401)
    const { email, password } = person
    const again = await world.client.post('/api/auth/login', { email, password })
    expect(again.body.user.role).toBe('instructor')
    const claims = JSON.parse(Buffer.from(again.body.accessToken.split('.')[1], 'base64url').toString())
    expect(claims.role).toBe('instructor')
    expect((await factsOf(person.id)).slice(1)).toMatchObject([
      { type: 'user.role_changed', payload: { from: 'student', to: 'instructor' } },
    ])
  })
  it('200: a suspension ends all sessions and refuses new ones; restoring opens the door again', async () => {
    const person = await makePerson(world.deps)
    const { email, password, refreshToken } = person
    const suspended = await admins.patch(`/api/users/${person.id}`, { status: 'suspended' })
    expect(suspended.body.status).toBe('suspended')
    expect((await world.client.as(person.accessToken).get('/api/users/me')).status).toBe(401)
    expect((await world.client.post('/api/auth/refresh', { refreshToken })).status).toBe(401)
    expect(await world.client.post('/api/auth/login', { email, password })).toMatchObject({
      status: 403,
      body: { code: 'account_suspended' },
    })
    expect((await world.client.post('/api/auth/login', { email, password: 'a guess' })).status).toBe(401)
    expect((await admins.patch(`/api/users/${person.id}`, { status: 'active' })).status).toBe(200)
    expect((await world.client.post('/api/auth/login', { email, password })).status).toBe(200)
    expect((await factsOf(person.id)).slice(1)).toMatchObject([
      { type: 'user.suspended', payload: { from: 'active', to: 'suspended' } },
      { type: 'user.restored', payload: { from: 'suspended', to: 'active' } },
    ])
  })
  it('200: another name leaves the sessions alone; nothing new is no fact', async () => {
    const person = await makePerson(world.deps)
    const { body } = await admins.patch(`/api/users/${person.id}`, { name: ' New Name ', role: 'student' })
    expect(body.name).toBe('New Name')
    await admins.patch(`/api/users/${person.id}`, { name: 'New Name', status: 'active' })
    await admins.patch(`/api/users/${person.id}`, {})
    expect((await world.client.as(person.accessToken).get('/api/users/me')).status).toBe(200)
    expect((await factsOf(person.id)).slice(1)).toMatchObject([
      { type: 'user.updated', payload: { fields: ['name'] } },
    ])
  })
  it('401: a sign-in under way when somebody is suspended opens nothing', async () => {
    const people = await Promise.all(Array.from({ length: 8 }, () => makePerson(world.deps)))
    await Promise.all(
      people.map(async ({ id, email, password }) => {
        const [signedIn] = await Promise.all([
          world.client.post('/api/auth/login', { email, password }),
          admins.patch(`/api/users/${id}`, { status: 'suspended' }),
        ])
        const bearer = signedIn.body.accessToken
        if (bearer) expect((await world.client.as(bearer).get('/api/users/me')).status).toBe(401)
        else expect(signedIn.status).toBe(403)
      }),
    )
  })
  it.each([
    [{ role: 'owner' }, '/role'],
    [{ status: 'deleted' }, '/status'],
    [{ name: '' }, '/name'],
    [{ email: 'x@example.org' }, '/email'],
    [{ password: 'a long password' }, '/password'],
  ])('400 validation_failed: %j names %s', async (wrong, path) => {
    const answer = await admins.patch(`/api/users/${admin.id}`, wrong)
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path }] } })
  })
  it('404 not_found: nobody has this id; 400: it is none', async () => {
    expect((await admins.patch(`/api/users/${newId()}`, { name: 'X' })).status).toBe(404)
    expect((await admins.get(`/api/users/${newId()}`)).status).toBe(404)
    expect((await admins.get('/api/users/x')).status).toBe(400)
  })
})

describe('the last admin', () => {
  it('409 last_admin: cannot be demoted, suspended or deleted; with a second one each can', async () => {
    const school = await createWorld()
    const only = await makePerson(school.deps, { role: 'admin' })
    const me = school.client.as(only.accessToken)
    const refused = { status: 409, body: { code: 'last_admin' } }
    expect(await me.patch(`/api/users/${only.id}`, { role: 'student' })).toMatchObject(refused)
    expect(await me.patch(`/api/users/${only.id}`, { status: 'suspended' })).toMatchObject(refused)
    expect(await me.delete(`/api/users/${only.id}`)).toMatchObject(refused)
    expect(await me.delete('/api/users/me', { password: only.password })).toMatchObject(refused)
    expect((await me.patch(`/api/users/${only.id}`, { role: 'admin', name: 'Still' })).status).toBe(200)
    const second = await makePerson(school.deps, { role: 'admin' })
    expect((await me.delete('/api/users/me', { password: only.password })).status).toBe(204)
    const other = school.client.as(second.accessToken)
    expect(await other.delete('/api/users/me', { password: second.password })).toMatchObject(refused)
    await school.close()
  })
  it('409 last_admin: of admins who demote, suspend or delete each other at once, one is left', async () => {
    const school = await createWorld()
    for (let round = 0; round < 5; round++) {
      const people = await Promise.all([1, 2, 3, 4].map(() => makePerson(school.deps, { role: 'admin' })))
      const remove = [
        (by: Client, id: string) => by.patch(`/api/users/${id}`, { role: 'student' }),
        (by: Client, id: string) => by.patch(`/api/users/${id}`, { status: 'suspended' }),
        (by: Client, id: string) => by.delete(`/api/users/${id}`),
      ]
      const answers = await Promise.all(
        people.flatMap((by, i) =>
          people.map((target, j) => remove[(i + j) % 3]?.(school.client.as(by.accessToken), target.id)),
        ),
      )
      const { rows } = await school.database.pool.query(
        `select id from users where role = 'admin' and status = 'active'`,
      )
      expect(rows).toHaveLength(1)
      expect(answers.filter((answer) => answer?.status === 409).length).toBeGreaterThan(0)
      expect(answers.filter((answer) => (answer?.status ?? 500) >= 500)).toEqual([])
      await school.database.pool.query(`update users set role = 'student' where id = $1`, [rows[0].id])
    }
    await school.close()
  })
})

describe('who may', () => {
  it('401 for nobody, 403 forbidden for everybody but admins, by GET and by HEAD', async () => {
    const person = await makePerson(world.deps)
    const paths: [string, string, object?][] = [
      ['GET', '/api/users'],
      ['HEAD', '/api/users'],
      ['POST', '/api/users', { email: 'x@example.org', name: 'X', role: 'admin' }],
      ['GET', `/api/users/${person.id}`],
      ['HEAD', `/api/users/${person.id}`],
      ['PATCH', `/api/users/${person.id}`, { role: 'admin' }],
    ]
    const bearers = [null]
    for (const role of ['student', 'parent', 'instructor'] as const) {
      bearers.push((await makePerson(world.deps, { role })).accessToken as never)
    }
    for (const [method, path, body] of paths) {
      for (const bearer of bearers) {
        const answer = await fetch(new URL(path, world.url), {
          method,
          headers: {
            ...(body ? { 'content-type': 'application/json' } : {}),
            ...(bearer ? { authorization: `Bearer ${bearer}` } : {}),
          },
          ...(body ? { body: JSON.stringify(body) } : {}),
        })
        await answer.text()
        expect(answer.status, `${method} ${path}`).toBe(bearer ? 403 : 401)
      }
    }
  })
})

it('every change of role or status is told to the nodes, which remember who outside bearers are', async () => {
  const heard = new Set<string>()
  onUserChanged(world.deps.signals, (userId) => heard.add(userId))
  const person = await makePerson(world.deps)
  const changes = [
    () => admins.patch(`/api/users/${person.id}`, { role: 'parent' }),
    () => admins.patch(`/api/users/${person.id}`, { status: 'suspended' }),
    () => admins.patch(`/api/users/${person.id}`, { status: 'active' }),
    () => admins.delete(`/api/users/${person.id}`),
  ]
  for (const change of changes) {
    heard.clear()
    expect((await change()).status).toBeLessThan(300)
    expect(heard).toEqual(new Set([person.id]))
  }
})
