import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { httpClient } from '../../../test/support/http.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { buildApp } from '../../app.ts'
import { makePerson } from './factory.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const registration = { email: 'mira@example.org', password: 'a long password', name: 'Mira' }

describe('POST /auth/register', () => {
  it('201: answers the user and a bearer that works, and keeps the refresh token in an HttpOnly cookie', async () => {
    const { status, body, headers } = await world.client.post('/api/auth/register', registration)
    expect(status).toBe(201)
    expect(body.user).toMatchObject({
      email: 'mira@example.org',
      name: 'Mira',
      role: 'student',
      status: 'active',
      emailVerified: false,
    })
    expect(body).toMatchObject({ refreshAfterSeconds: 300 })
    expect(body.refreshToken).toBeUndefined()
    expect(headers.get('set-cookie')).toMatch(
      /lectern_refresh=[^;]+;.*Path=\/api\/auth;.*HttpOnly;.*SameSite=Strict/,
    )
    const sessions = await world.client.as(body.accessToken).get('/api/auth/sessions')
    expect(sessions.body.items).toHaveLength(1)
  })
  it('201: by /api/v1, the path of the cookie is the one the browser sends it back to', async () => {
    const { email, password } = await makePerson(world.deps)
    const { headers, body } = await world.client.post('/api/v1/auth/login', { email, password })
    expect(headers.get('set-cookie')).toContain('Path=/api/v1/auth;')
    const cookie = headers.get('set-cookie')?.split(';')[0] ?? ''
    const refreshed = await world.client.post('/api/v1/auth/refresh', undefined, { headers: { cookie } })
    expect(refreshed.headers.get('set-cookie')).toContain('Path=/api/v1/auth;')
    const out = await world.client.as(body.accessToken).post('/api/v1/auth/logout')
    expect(out.headers.get('set-cookie')).toMatch(/lectern_refresh=;.*Path=\/api\/v1\/auth;/)
  })
  it('201: gives a native client the refresh token in the body and no cookie', async () => {
    const { body, headers } = await world.client.post('/api/auth/register', {
      ...registration,
      email: 'n@example.org',
      client: 'native',
    })
    expect(body.refreshToken).toEqual(expect.any(String))
    expect(headers.get('set-cookie')).toBeNull()
  })
  it('409 email_taken: whatever the case of the letters', async () => {
    await world.client.post('/api/auth/register', { ...registration, email: 'twice@example.org' })
    const again = await world.client.post('/api/auth/register', {
      ...registration,
      email: 'Twice@Example.org',
    })
    expect(again).toMatchObject({ status: 409, body: { code: 'email_taken' } })
  })
  it('409 email_taken: of registrations at once, all but one', async () => {
    const spellings = ['race@example.org', 'Race@example.org', 'RACE@example.org', 'race@EXAMPLE.org']
    const answers = await Promise.all(
      spellings.map((email) => world.client.post('/api/auth/register', { ...registration, email })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409])
  })
  it('403 forbidden: in a role that the school does not open', async () => {
    const school = await createWorld({ config: { registrationRoles: ['student'] } })
    const wish = { ...registration, role: 'instructor' }
    const answer = await school.client.post('/api/auth/register', wish)
    expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden' } })
    await school.close()
  })
  it.each([
    [{ email: 'no-address' }, '/email'],
    [{ password: 'short' }, '/password'],
    [{ password: 'é'.repeat(40) }, '/password'],
    [{ name: '   ' }, '/name'],
    [{ role: 'admin' }, '/role'],
    [{ surname: 'Rao' }, '/surname'],
  ])('400 validation_failed: %j is named as %s', async (wrong, path) => {
    const { status, body } = await world.client.post('/api/auth/register', {
      ...registration,
      email: 'bad@example.org',
      ...wrong,
    })
    expect(status).toBe(400)
    expect(body.code).toBe('validation_failed')
    expect(body.errors[0].path).toBe(path)
    expect(body.requestId).toEqual(expect.any(String))
  })
})

describe('POST /auth/login', () => {
  it('200: signs in, whatever the case of the address; each sign-in is a session of its own', async () => {
    const { email, password, id } = await makePerson(world.deps)
    const web = await world.client.post('/api/auth/login', { email: email.toUpperCase(), password })
    expect(web).toMatchObject({ status: 200, body: { user: { id, email }, refreshAfterSeconds: 300 } })
    expect(web.body).not.toHaveProperty('refreshToken')
    expect(web.headers.get('cache-control')).toBe('no-store')
    expect(Date.parse(web.body.accessTokenExpiresAt)).toBeGreaterThan(world.clock.now().getTime() + 898_000)
    const native = await world.client.post('/api/auth/login', { email, password, client: 'native' })
    expect(native.headers.get('set-cookie')).toBeNull()
    const { body } = await world.client.as(native.body.accessToken).get('/api/auth/sessions')
    expect(body.items).toHaveLength(3)
  })
  it('403 account_suspended: with the right password only', async () => {
    const { email, password, id } = await makePerson(world.deps)
    await world.database.pool.query(`update users set status = 'suspended' where id = $1`, [id])
    const right = await world.client.post('/api/auth/login', { email, password })
    expect(right).toMatchObject({ status: 403, body: { code: 'account_suspended' } })
    expect((await world.client.post('/api/auth/login', { email, password: 'a guess' })).status).toBe(401)
  })
  it.each([
    [{ password: 'x' }, '/email'],
    [{ email: 'x@example.org' }, '/password'],
    [{ email: 'x@example.org', password: '' }, '/password'],
    [{ email: 'x@example.org', password: 'x', client: 'browser' }, '/client'],
    [{ email: 'x@example.org', password: 'x', remember: true }, '/remember'],
  ])('400 validation_failed: %j names %s', async (body, path) => {
    const answer = await world.client.post('/api/auth/login', body)
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path }] } })
  })
})

describe('POST /auth/refresh', () => {
  it('200: by the cookie, which it replaces', async () => {
    const { email, password } = await makePerson(world.deps)
    const { headers } = await world.client.post('/api/auth/login', { email, password })
    const cookie = headers.get('set-cookie')?.split(';')[0] ?? ''
    const answer = await world.client.post('/api/auth/refresh', undefined, { headers: { cookie } })
    expect(answer.status).toBe(200)
    const next = answer.headers.get('set-cookie')?.split(';')[0]
    expect(next).toMatch(/^lectern_refresh=.{40}/)
    expect(next).not.toBe(cookie)
    expect((await world.client.as(answer.body.accessToken).get('/api/users/me')).status).toBe(200)
  })
  it('200: by a cookie that goes over TLS alone in production, and says so by its name', async () => {
    const deps = { ...world.deps, config: { ...world.deps.config, production: true } }
    const app = await buildApp(deps)
    const client = httpClient(await app.listen({ host: '127.0.0.1', port: 0 }))
    const { email, password } = await makePerson(world.deps)
    const { headers } = await client.post('/api/auth/login', { email, password })
    const cookie = headers.get('set-cookie') ?? ''
    expect(cookie).toMatch(/^__Secure-lectern_refresh=.{40}.*; Secure/)
    const again = await client.post('/api/auth/refresh', undefined, {
      headers: { cookie: cookie.split(';')[0] ?? '' },
    })
    expect(again.status).toBe(200)
    await app.close()
  })
  it('401 unauthenticated: ninety days after the sign-in, however often it was renewed', async () => {
    let { refreshToken } = await makePerson(world.deps)
    const refresh = () => world.client.post('/api/auth/refresh', { refreshToken })
    for (let day = 0; day < 84; day += 6) {
      world.clock.advance({ days: 6 })
      const answer = await refresh()
      expect(answer.status).toBe(200)
      refreshToken = answer.body.refreshToken
    }
    world.clock.advance({ days: 6 })
    expect(await refresh()).toMatchObject({ status: 401, body: { code: 'unauthenticated' } })
  })
  it('200: for parallel tabs, each with a token that goes on', async () => {
    const { refreshToken } = await makePerson(world.deps)
    const refresh = (token: string) => world.client.post('/api/auth/refresh', { refreshToken: token })
    const answers = await Promise.all([refresh(refreshToken), refresh(refreshToken), refresh(refreshToken)])
    world.clock.advance({ seconds: 10 })
    answers.push(await refresh(refreshToken))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    for (const { body } of answers) expect((await refresh(body.refreshToken)).status).toBe(200)
  })
  it('401 unauthenticated: none, an unknown one, one of a session that ran out or was ended', async () => {
    const refused = { status: 401, body: { code: 'unauthenticated' } }
    const refresh = (body?: object) => world.client.post('/api/auth/refresh', body)
    expect(await refresh()).toMatchObject(refused)
    expect(await refresh({})).toMatchObject(refused)
    expect(await refresh({ refreshToken: 'x' })).toMatchObject(refused)
    const [late, gone] = [await makePerson(world.deps), await makePerson(world.deps)]
    await world.client.as(gone.accessToken).post('/api/auth/logout')
    expect(await refresh({ refreshToken: gone.refreshToken })).toMatchObject(refused)
    world.clock.advance({ days: 7 })
    expect(await refresh({ refreshToken: late.refreshToken })).toMatchObject(refused)
  })
  it.each([[{ refreshToken: 1 }], [{ refreshToken: 'x'.repeat(201) }], [{ token: 'x' }]])(
    '400 validation_failed: %j',
    async (body) => {
      expect((await world.client.post('/api/auth/refresh', body)).status).toBe(400)
    },
  )
  it('200: rotates; outside the grace the old token ends the whole session with refresh_token_reused', async () => {
    const person = await makePerson(world.deps)
    const refresh = (refreshToken: string) => world.client.post('/api/auth/refresh', { refreshToken })
    const first = await refresh(person.refreshToken)
    expect(first.status).toBe(200)
    expect(first.body.refreshToken).not.toBe(person.refreshToken)
    world.clock.advance({ seconds: 11 })
    expect(await refresh(person.refreshToken)).toMatchObject({
      status: 401,
      body: { code: 'refresh_token_reused' },
    })
    expect((await refresh(first.body.refreshToken)).status).toBe(401)
    expect((await world.client.as(first.body.accessToken).get('/api/auth/sessions')).status).toBe(401)
  })
})

describe('POST /auth/logout and /auth/logout-all', () => {
  it('204: the access token stops working at once, and the cookie goes', async () => {
    const [person, other] = [await makePerson(world.deps), await makePerson(world.deps)]
    const me = world.client.as(person.accessToken)
    const answer = await me.post('/api/auth/logout')
    expect(answer.status).toBe(204)
    expect(answer.headers.get('set-cookie')).toMatch(/lectern_refresh=;/)
    expect((await me.get('/api/users/me')).status).toBe(401)
    expect((await me.post('/api/auth/logout')).status).toBe(401)
    expect((await world.client.as(other.accessToken).get('/api/users/me')).status).toBe(200)
  })
  it('204: logout ends this session, logout-all each of them', async () => {
    const { email, password, accessToken } = await makePerson(world.deps)
    const signIn = async () =>
      world.client.as((await world.client.post('/api/auth/login', { email, password })).body.accessToken)
    const [first, second, third] = [world.client.as(accessToken), await signIn(), await signIn()]
    await first.post('/api/auth/logout')
    expect((await second.get('/api/users/me')).status).toBe(200)
    expect((await second.post('/api/auth/logout-all')).status).toBe(204)
    expect((await second.get('/api/users/me')).status).toBe(401)
    expect((await third.get('/api/users/me')).status).toBe(401)
  })
  it('401 unauthenticated', async () => {
    expect((await world.client.post('/api/auth/logout')).status).toBe(401)
    expect((await world.client.post('/api/auth/logout-all')).status).toBe(401)
  })
})

describe('GET /auth/sessions', () => {
  it('200: the open ones, newest first, with device, address and which is this', async () => {
    const { email, password, accessToken, sessionId } = await makePerson(world.deps)
    const device = { headers: { 'user-agent': 'A phone' } }
    const { body } = await world.client.post('/api/auth/login', { email, password }, device)
    const { status, body: list } = await world.client.as(body.accessToken).get('/api/auth/sessions')
    expect(status).toBe(200)
    expect(list).toMatchObject({
      items: [
        { device: 'A phone', address: '127.0.0.1', current: true },
        { id: sessionId, device: 'test', current: false },
      ],
      nextCursor: null,
    })
    await world.client.as(accessToken).post('/api/auth/logout')
    const left = await world.client.as(body.accessToken).get('/api/auth/sessions')
    expect(left.body.items).toHaveLength(1)
  })
  it('200: page by page', async () => {
    const { email, password, accessToken } = await makePerson(world.deps)
    for (let i = 0; i < 4; i++) await world.client.post('/api/auth/login', { email, password })
    const me = world.client.as(accessToken)
    const first = (await me.get('/api/auth/sessions?limit=3')).body
    const second = (await me.get(`/api/auth/sessions?limit=3&cursor=${first.nextCursor}`)).body
    expect([first.items.length, second.items.length, second.nextCursor]).toEqual([3, 2, null])
    expect(new Set([...first.items, ...second.items].map(({ id }) => id)).size).toBe(5)
    expect((await me.get('/api/auth/sessions?cursor=x')).status).toBe(400)
    expect((await me.get('/api/auth/sessions?page=2')).status).toBe(400)
  })
  it('401 unauthenticated', async () => {
    expect((await world.client.get('/api/auth/sessions')).status).toBe(401)
  })
})

describe('DELETE /auth/sessions/:id', () => {
  it('204: ends another device, at once', async () => {
    const { email, password, accessToken, sessionId } = await makePerson(world.deps)
    const { body } = await world.client.post('/api/auth/login', { email, password })
    const me = world.client.as(body.accessToken)
    expect((await me.delete(`/api/auth/sessions/${sessionId}`)).status).toBe(204)
    expect((await world.client.as(accessToken).get('/api/users/me')).status).toBe(401)
    expect((await me.delete(`/api/auth/sessions/${sessionId}`)).status).toBe(404)
  })
  it('404 not_found: somebody else’s, and it goes on', async () => {
    const [person, other] = [await makePerson(world.deps), await makePerson(world.deps, { role: 'admin' })]
    const answer = await world.client.as(other.accessToken).delete(`/api/auth/sessions/${person.sessionId}`)
    expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } })
    expect((await world.client.as(person.accessToken).get('/api/users/me')).status).toBe(200)
    expect((await world.client.as(other.accessToken).delete('/api/auth/sessions/x')).status).toBe(400)
  })
  it('401 unauthenticated', async () => {
    const { sessionId } = await makePerson(world.deps)
    expect((await world.client.delete(`/api/auth/sessions/${sessionId}`)).status).toBe(401)
  })
})
