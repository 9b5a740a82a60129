import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
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

describe('POST /auth/refresh', () => {
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
