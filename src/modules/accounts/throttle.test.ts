import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import { makePerson, type Person } from './factory.ts'

let world: World
beforeAll(async () => {
  world = await createWorld({ config: { trustProxy: ['127.0.0.1'] } })
})
afterAll(() => world.close())

let addresses = 0
const newAddress = () => `10.0.${Math.floor(++addresses / 250)}.${addresses % 250}`

const signIn = (email: string, password: string, address = newAddress()) =>
  world.client.post('/api/auth/login', { email, password }, { headers: { 'x-forwarded-for': address } })

async function fail(person: Person, times: number) {
  for (let i = 0; i < times; i++) {
    expect(await signIn(person.email, 'wrong password')).toMatchObject({ status: 401 })
  }
}

describe('POST /auth/login, after failures for one account', () => {
  it('401 ten times, then 429 with Retry-After even with the right password, from any address', async () => {
    const [person, other] = [await makePerson(world.deps), await makePerson(world.deps)]
    await fail(person, 10)
    const refused = await signIn(person.email.toUpperCase(), person.password)
    expect(refused).toMatchObject({ status: 429, body: { code: 'rate_limited' } })
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(800)
    expect((await signIn(other.email, other.password)).status).toBe(200)
  })
  it('200 again when the window has passed', async () => {
    const person = await makePerson(world.deps)
    await fail(person, 11 - 1)
    expect((await signIn(person.email, person.password)).status).toBe(429)
    world.clock.advance({ minutes: 15, seconds: 1 })
    expect((await signIn(person.email, person.password)).status).toBe(200)
  })
  it('200 however often the password is right', async () => {
    const person = await makePerson(world.deps)
    const address = newAddress()
    for (let i = 0; i < 25; i++) {
      expect((await signIn(person.email, person.password, address)).status).toBe(200)
    }
    await fail(person, 10)
    expect((await signIn(person.email, person.password)).status).toBe(429)
  })
  it('200 after the password was set anew by mail', async () => {
    const person = await makePerson(world.deps)
    await fail(person, 10)
    await world.client.post('/api/auth/password/forgot', { email: person.email })
    await world.drain()
    const mail = world.mails.find(({ to }) => to === person.email)
    const token = /token=(\S+)/.exec(mail?.text ?? '')?.[1]
    const reset = await world.client.post('/api/auth/password/reset', { token, password: 'another password' })
    expect(reset.status).toBe(204)
    expect((await signIn(person.email, 'another password')).status).toBe(200)
  })
  it('429: counts a password asked for while signed in, too', async () => {
    const person = await makePerson(world.deps)
    const me = world.client.as(person.accessToken)
    const change = (currentPassword: string) =>
      me.patch('/api/users/me/password', { currentPassword, newPassword: 'another password' })
    for (let i = 0; i < 5; i++) {
      expect(await change('wrong password')).toMatchObject({
        status: 401,
        body: { code: 'invalid_credentials' },
      })
      expect((await me.delete('/api/users/me', { password: 'wrong password' })).status).toBe(401)
    }
    expect((await change(person.password)).status).toBe(429)
    expect((await signIn(person.email, person.password)).status).toBe(429)
  })
})

it('204: a password that is changed with the right one does not count', async () => {
  const person = await makePerson(world.deps)
  const me = world.client.as(person.accessToken)
  for (let i = 0; i < 12; i++) {
    const change = { currentPassword: person.password, newPassword: person.password }
    expect((await me.patch('/api/users/me/password', change)).status).toBe(204)
  }
})

describe('POST /auth/login, after failures from one address', () => {
  it('429 for most of 500 at once, which cost no SQL; everybody else signs in', async () => {
    const address = newAddress()
    const person = await makePerson(world.deps)
    world.statements.length = 0
    const attempts = Array.from({ length: 500 }, (_, i) =>
      signIn(`guess-${i}@example.org`, 'wrong password', address),
    )
    const statuses = (await Promise.all(attempts)).map(({ status }) => status)
    expect(statuses.filter((status) => status === 401)).toHaveLength(100)
    expect(statuses.filter((status) => status === 429)).toHaveLength(400)
    expect(world.statements.length).toBeLessThanOrEqual(100)
    expect((await signIn(person.email, person.password, address)).status).toBe(429)
    expect((await signIn(person.email, person.password)).status).toBe(200)
  })
  it('does not lock accounts from an address that is over its limit', async () => {
    const address = newAddress()
    const person = await makePerson(world.deps)
    await Promise.all(
      Array.from({ length: 101 }, (_, i) => signIn(`stuffed-${i}@example.org`, 'wrong password', address)),
    )
    for (let i = 0; i < 20; i++) {
      expect((await signIn(person.email, 'wrong password', address)).status).toBe(429)
    }
    expect((await signIn(person.email, person.password)).status).toBe(200)
  })
})

describe('POST /auth/login, while the shared cache is away', () => {
  it('429: each node goes on counting for itself', async () => {
    const { cache } = world.deps
    const { increment } = cache
    cache.increment = () => Promise.reject(new Error('away'))
    try {
      const person = await makePerson(world.deps)
      await fail(person, 10)
      expect((await signIn(person.email, person.password)).status).toBe(429)
    } finally {
      cache.increment = increment
    }
  })
})

it('401: the same words for an unknown address, a wrong password and one that is too long', async () => {
  const person = await makePerson(world.deps)
  const answers = await Promise.all([
    signIn('nobody@example.org', 'wrong password'),
    signIn(person.email, 'wrong password'),
    signIn(person.email, `${person.password}${'x'.repeat(60)}`),
  ])
  const words = answers.map(({ status, body: { requestId: _, ...rest } }) => ({ status, ...rest }))
  expect(words[0]).toMatchObject({ status: 401, code: 'invalid_credentials' })
  expect(words[1]).toEqual(words[0])
  expect(words[2]).toEqual(words[0])
})
