import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import { newId } from '../../platform/ids.ts'
import { makePerson } from './factory.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

describe('GET /users/me', () => {
  it('200: the own account, by one statement and none for the guard', async () => {
    const person = await makePerson(world.deps, { role: 'instructor' })
    world.statements.length = 0
    const { status, body } = await world.client.as(person.accessToken).get('/api/users/me')
    expect(status).toBe(200)
    expect(body).toEqual({
      id: person.id,
      email: person.email,
      name: person.name,
      role: 'instructor',
      status: 'active',
      emailVerified: true,
      createdAt: world.clock.now().toISOString(),
    })
    expect(world.statements).toHaveLength(1)
  })
  it('401 unauthenticated', async () => {
    expect((await world.client.get('/api/users/me')).status).toBe(401)
  })
})

describe('PATCH /users/me', () => {
  const profile = {
    name: ' Asha R. ',
    headline: 'Teaches SQL',
    bio: 'First.\n\n**Second.**',
    locale: 'EN-in',
    timezone: 'Asia/Kolkata',
  }
  it('200: changes what is said, keeps the rest, and null clears', async () => {
    const person = await makePerson(world.deps)
    const me = world.client.as(person.accessToken)
    const changed = await me.patch('/api/users/me', profile)
    expect(changed).toMatchObject({
      status: 200,
      body: { ...profile, name: 'Asha R.', locale: 'en-IN' },
    })
    const cleared = await me.patch('/api/users/me', { headline: null, bio: null, locale: null })
    expect(cleared.body).not.toHaveProperty('headline')
    expect(cleared.body).not.toHaveProperty('bio')
    expect(cleared.body).not.toHaveProperty('locale')
    expect((await me.get('/api/users/me')).body).toEqual(cleared.body)
    expect(cleared.body).toMatchObject({ name: 'Asha R.', timezone: 'Asia/Kolkata' })
    expect((await me.patch('/api/users/me', {})).body).toEqual(cleared.body)
  })
  it.each([
    [{ locale: 'not a locale' }, '/locale'],
    [{ locale: '' }, '/locale'],
    [{ timezone: 'Mars/Olympus' }, '/timezone'],
    [{ timezone: 'IST' }, '/timezone'],
    [{ timezone: 'US/Pacific-New' }, '/timezone'],
    [{ timezone: '+05:30' }, '/timezone'],
    [{ name: null }, '/name'],
    [{ name: ' ' }, '/name'],
    [{ name: 'A\nBcc: everybody@example.org' }, '/name'],
    [{ name: 'x'.repeat(121) }, '/name'],
    [{ headline: 'x'.repeat(161) }, '/headline'],
    [{ headline: '' }, '/headline'],
    [{ bio: 'x'.repeat(5_001) }, '/bio'],
    [{ bio: 'a\u0000b' }, '/bio'],
    [{ email: 'other@example.org' }, '/email'],
    [{ role: 'admin' }, '/role'],
    [{ status: 'suspended' }, '/status'],
  ])('400 validation_failed: %j names %s and changes nothing', async (wrong, path) => {
    const person = await makePerson(world.deps)
    const me = world.client.as(person.accessToken)
    const before = (await me.get('/api/users/me')).body
    const answer = await me.patch('/api/users/me', { bio: 'New.', ...wrong })
    expect(answer).toMatchObject({ status: 400, body: { code: 'validation_failed', errors: [{ path }] } })
    expect((await me.get('/api/users/me')).body).toEqual(before)
  })
  it('401 unauthenticated', async () => {
    expect((await world.client.patch('/api/users/me', profile)).status).toBe(401)
  })
})

describe('GET /users/:id/profile', () => {
  it('200: the public part, to anybody who is signed in', async () => {
    const [person, reader] = [
      await makePerson(world.deps, { role: 'instructor' }),
      await makePerson(world.deps),
    ]
    const change = { headline: 'Teaches SQL', bio: 'Since 1986.', locale: 'en' }
    await world.client.as(person.accessToken).patch('/api/users/me', change)
    const { status, body } = await world.client.as(reader.accessToken).get(`/api/users/${person.id}/profile`)
    expect(status).toBe(200)
    expect(body).toEqual({
      id: person.id,
      name: person.name,
      role: 'instructor',
      headline: 'Teaches SQL',
      bio: 'Since 1986.',
    })
  })
  it('404 not_found: nobody, or somebody deleted', async () => {
    const [person, reader] = [await makePerson(world.deps), await makePerson(world.deps)]
    const ask = (id: string) => world.client.as(reader.accessToken).get(`/api/users/${id}/profile`)
    await world.client.as(person.accessToken).delete('/api/users/me', { password: person.password })
    expect((await ask(person.id)).status).toBe(404)
    expect((await ask(newId())).status).toBe(404)
    expect((await ask('x')).status).toBe(400)
  })
  it('401 unauthenticated', async () => {
    const person = await makePerson(world.deps)
    expect((await world.client.get(`/api/users/${person.id}/profile`)).status).toBe(401)
  })
})
