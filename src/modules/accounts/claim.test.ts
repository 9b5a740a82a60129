import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Client } from '../../../test/support/http.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { makePerson } from './factory.ts'
import { makeAdmin } from './make-admin.ts'
import { offerAdminClaim } from './offer-admin-claim.ts'
import { hashPassword } from './passwords.ts'
import { registerUser } from './register-user.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

const admin = { email: 'head@example.org', name: 'Head', password: 'a long password' }

function offer() {
  const { transact, clock, config } = world.deps
  const cause = { userId: null, at: clock.now() }
  return transact((tx) => offerAdminClaim(tx, cause, config.accessTokenSecrets))
}
const claim = (token: string | null, more: object = {}) =>
  world.client.post('/api/auth/claim', { token, ...admin, client: 'native', ...more })

describe('POST /auth/claim', () => {
  it('201: makes the first admin, signed in', async () => {
    const { status, body } = await claim(await offer())
    expect(status).toBe(201)
    expect(body.user).toMatchObject({ email: admin.email, name: 'Head', role: 'admin', emailVerified: true })
    expect(body.refreshToken).toEqual(expect.any(String))
    expect((await world.client.as(body.accessToken).get('/api/users')).status).toBe(200)
    const { email, password } = admin
    expect((await world.client.post('/api/auth/login', { email, password })).status).toBe(200)
  })
  it('201 once, of requests at once; then 400 link_invalid', async () => {
    const token = await offer()
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, i) => claim(token, { email: `head-${i}@example.org` })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 400, 400, 400, 400, 400])
    expect(await claim(token)).toMatchObject({ status: 400, body: { code: 'link_invalid' } })
    const { rows } = await world.database.pool.query(`select id from users where role = 'admin'`)
    expect(rows).toHaveLength(1)
  })
  it('400 link_invalid: after 24 hours, after a newer one, made up', async () => {
    const first = await offer()
    const second = await offer()
    expect(await claim(first)).toMatchObject({ status: 400, body: { code: 'link_invalid' } })
    expect((await claim('x')).status).toBe(400)
    expect((await claim(`${second?.slice(0, -1)}`)).status).toBe(400)
    world.clock.advance({ hours: 24 })
    expect(await claim(second)).toMatchObject({ status: 400, body: { code: 'link_invalid' } })
    expect((await claim(await offer())).status).toBe(201)
  })
  it.each<[string, (client: Client) => Promise<unknown>]>([
    ['made', (client) => client.post('/api/users', { email: 'two@example.org', name: 'Two', role: 'admin' })],
    [
      'promoted',
      async (client) => client.patch(`/api/users/${(await makePerson(world.deps)).id}`, { role: 'admin' }),
    ],
  ])('400 link_invalid: somebody was %s an admin since', async (_how, make) => {
    const token = await offer()
    const { accessToken } = await makePerson(world.deps, { role: 'admin' })
    await make(world.client.as(accessToken))
    expect(await claim(token)).toMatchObject({ status: 400, body: { code: 'link_invalid' } })
  })
  it('201: takes over an account that somebody registered with the address, and ends its sessions', async () => {
    const squatter = await makePerson(world.deps, { email: admin.email })
    const { status, body } = await claim(await offer())
    expect(status).toBe(201)
    expect(body.user).toMatchObject({ id: squatter.id, role: 'admin' })
    expect((await world.client.as(squatter.accessToken).get('/api/users/me')).status).toBe(401)
    const { email, password } = squatter
    expect((await world.client.post('/api/auth/login', { email, password })).status).toBe(401)
  })
  it.each([
    [{ email: 'x' }, '/email'],
    [{ password: 'short' }, '/password'],
    [{ name: '' }, '/name'],
    [{ role: 'admin' }, '/role'],
    [{ token: undefined }, '/token'],
  ])('400 validation_failed: %j names %s, and the link still works', async (wrong, path) => {
    const token = await offer()
    expect(await claim(token, wrong)).toMatchObject({ status: 400, body: { errors: [{ path }] } })
    expect((await claim(token)).status).toBe(201)
  })
})

describe('the offer at start', () => {
  it('is made while there is no admin, also when the last one is suspended, and not otherwise', async () => {
    expect(await offer()).toEqual(expect.any(String))
    const person = await makePerson(world.deps, { role: 'admin' })
    expect(await offer()).toBeNull()
    await world.database.pool.query(`update users set status = 'suspended' where id = $1`, [person.id])
    expect(await offer()).toEqual(expect.any(String))
  })
  it('is made again while the only admin is the one of the demo school, until somebody takes it', async () => {
    const { transact, clock } = world.deps
    const demo = { ...admin, passwordHash: null, role: 'admin', emailVerified: true, demo: true } as const
    await transact((tx) => registerUser(tx, { userId: null, at: clock.now() }, demo))
    expect(await offer()).toEqual(expect.any(String))
    // Whoever claims with the address of the demo's admin makes that account theirs.
    expect((await claim(await offer())).status).toBe(201)
    expect(await offer()).toBeNull()
  })
  it('leaves one way open, when nodes start at once', async () => {
    const tokens = await Promise.all([1, 2, 3, 4].map(offer))
    expect(new Set(tokens).size).toBe(4)
    const statuses = []
    for (const token of tokens) statuses.push((await claim(token)).status)
    expect(statuses.sort()).toEqual([201, 400, 400, 400])
  })
})

describe('makeAdmin', () => {
  async function make(email: string) {
    const passwordHash = await hashPassword(admin.password, world.deps.config.passwordCost)
    const cause = { userId: null, at: world.clock.now() }
    return world.deps.transact((tx) => makeAdmin(tx, cause, { email, name: 'Head', passwordHash }))
  }
  it('makes an admin who signs in, and closes the way to claim', async () => {
    const token = await offer()
    const { user, ended } = await make(admin.email)
    expect(user).toMatchObject({ role: 'admin', name: 'Head' })
    expect(ended).toEqual([])
    const { email, password } = admin
    expect((await world.client.post('/api/auth/login', { email, password })).status).toBe(200)
    expect((await claim(token)).status).toBe(400)
  })
  it('promotes and restores whoever has the address, without the ways in that an unproven owner made', async () => {
    const person = await makePerson(world.deps, { name: 'Asha' })
    const { pool } = world.database
    await pool.query(`update users set status = 'suspended', email_verified_at = null where id = $1`, [
      person.id,
    ])
    await pool.query(`insert into identities values ('https://id.example.org', 'x', $1, now())`, [person.id])
    const { user, ended } = await make(person.email.toUpperCase())
    expect(user).toMatchObject({ id: person.id, name: 'Asha', role: 'admin', status: 'active' })
    expect(ended).toEqual([person.sessionId])
    expect((await pool.query('select * from identities')).rows).toEqual([])
    const { rows } = await pool.query(
      `select type from events where payload ->> 'userId' = $1 and type like 'user.%' order by id`,
      [person.id],
    )
    expect(rows.map(({ type }) => type)).toEqual([
      'user.registered',
      'user.email_verified',
      'user.role_changed',
      'user.restored',
      'user.password_changed',
    ])
  })
})
