import { readdir, readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import { confirmPassword } from './confirm-password.ts'
import { makePerson, tokenIn } from './factory.ts'
import { findByPassword, hashPassword } from './passwords.ts'
import { findUserByEmail } from './queries.ts'
import { createThrottle } from './throttle.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())
// Mails of the person of one test do not count in the next.
beforeEach(() => world.clock.advance({ minutes: 2 }))

const newPassword = 'a quite new password'
const signIn = (email: string, password: string) =>
  world.client.post('/api/auth/login', { email, password, client: 'native' })
const forget = (email: string) => world.client.post('/api/auth/password/forgot', { email })
const reset = (token: string, password = newPassword) =>
  world.client.post('/api/auth/password/reset', { token, password })
const mailsTo = (address: string) => world.mails.filter(({ to }) => to === address)

async function linkFor(email: string): Promise<string> {
  await forget(email)
  await world.drain()
  return tokenIn(mailsTo(email).findLast(({ text }) => text.includes('/reset-password?')))
}

describe('POST /auth/password/forgot', () => {
  it('202: mails one link to an account with a password, and it sets a new one', async () => {
    const person = await makePerson(world.deps)
    const token = await linkFor(person.email)
    const [mail] = mailsTo(person.email)
    expect(mail?.text).toContain('http://lectern.test/reset-password?token=')
    expect(mail?.html).toContain('http://lectern.test/reset-password?token=')
    expect((await reset(token)).status).toBe(204)
    expect((await signIn(person.email, person.password)).status).toBe(401)
    expect((await signIn(person.email, newPassword)).status).toBe(200)
  })
  it('202: the same answer by the same statements for an unknown address, a suspended account and one of an outside provider', async () => {
    const [known, suspended, outside] = await Promise.all([
      makePerson(world.deps),
      makePerson(world.deps),
      makePerson(world.deps),
    ])
    const { pool } = world.database
    await pool.query(`update users set status = 'suspended' where id = $1`, [suspended.id])
    await pool.query('update users set password_hash = null where id = $1', [outside.id])
    await pool.query(`insert into identities values ('https://id.example.org', 'x', $1, now())`, [outside.id])
    const seen = []
    for (const email of [known.email, 'nobody@example.org', suspended.email, outside.email]) {
      world.statements.length = 0
      const { status, body } = await forget(email)
      seen.push({ status, body, statements: [...world.statements] })
    }
    expect(seen[0]?.status).toBe(202)
    for (const other of seen.slice(1)) expect(other).toEqual(seen[0])
    const before = world.mails.length
    await world.drain()
    const links = world.mails.slice(before).filter(({ text }) => text.includes('/reset-password?'))
    expect(links.map(({ to }) => to)).toEqual([known.email])
  })
  it('202: mails once a minute at most, however often and at once it is asked', async () => {
    const person = await makePerson(world.deps)
    await Promise.all(Array.from({ length: 5 }, () => forget(person.email)))
    await world.drain()
    world.clock.advance({ seconds: 59 })
    await forget(person.email)
    await world.drain()
    expect(mailsTo(person.email)).toHaveLength(1)
    world.clock.advance({ seconds: 1 })
    await forget(person.email)
    await world.drain()
    expect(mailsTo(person.email)).toHaveLength(2)
  })
  it('202: what opens the link is neither in the database nor in the queue', async () => {
    const person = await makePerson(world.deps)
    await forget(person.email)
    const { rows } = await world.database.pool.query('select payload from graphile_worker._private_jobs')
    expect(rows.length).toBeGreaterThan(0)
    const token = await linkFor(person.email)
    const links = await world.database.pool.query('select * from one_time_links')
    const [id, mac] = token.split('.')
    expect(JSON.stringify(links.rows)).toContain(id)
    expect(JSON.stringify([rows, links.rows])).not.toContain(mac)
  })
  it.each([[{}], [{ email: 'x' }], [{ email: 'a@b.example', more: 1 }], [{ email: null }]])(
    '400 validation_failed: %j',
    async (body) => {
      expect(await world.client.post('/api/auth/password/forgot', body)).toMatchObject({
        status: 400,
        body: { code: 'validation_failed' },
      })
    },
  )
})

describe('POST /auth/password/reset', () => {
  it('204: ends every session at once, and proves the e-mail address', async () => {
    const person = await makePerson(world.deps)
    await world.database.pool.query('update users set email_verified_at = null where id = $1', [person.id])
    expect((await reset(await linkFor(person.email))).status).toBe(204)
    expect((await world.client.as(person.accessToken).get('/api/users/me')).status).toBe(401)
    const refreshed = await world.client.post('/api/auth/refresh', { refreshToken: person.refreshToken })
    expect(refreshed.status).toBe(401)
    const { body } = await signIn(person.email, newPassword)
    expect(body.user.emailVerified).toBe(true)
  })
  it('400 link_invalid: used already, even by requests at once', async () => {
    const person = await makePerson(world.deps)
    const token = await linkFor(person.email)
    const answers = await Promise.all(Array.from({ length: 6 }, () => reset(token)))
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 400, 400, 400, 400, 400])
    expect(await reset(token, 'yet another password')).toMatchObject({
      status: 400,
      body: { code: 'link_invalid' },
    })
    expect((await signIn(person.email, newPassword)).status).toBe(200)
  })
  it('400 link_invalid: after an hour', async () => {
    const person = await makePerson(world.deps)
    const token = await linkFor(person.email)
    world.clock.advance({ minutes: 60 })
    expect(await reset(token)).toMatchObject({ status: 400, body: { code: 'link_invalid' } })
    expect((await signIn(person.email, person.password)).status).toBe(200)
  })
  it('400 link_invalid: another link of the same person was used, or the password changed meanwhile', async () => {
    const person = await makePerson(world.deps)
    const first = await linkFor(person.email)
    world.clock.advance({ minutes: 1 })
    const second = await linkFor(person.email)
    expect((await reset(first)).status).toBe(204)
    expect((await reset(second)).status).toBe(400)
    world.clock.advance({ minutes: 1 })
    const third = await linkFor(person.email)
    const { body } = await signIn(person.email, newPassword)
    await world.client
      .as(body.accessToken)
      .patch('/api/users/me/password', { currentPassword: newPassword, newPassword: person.password })
    expect((await reset(third)).status).toBe(400)
  })
  it('400 link_invalid: made up, of another purpose, of somebody suspended', async () => {
    const person = await makePerson(world.deps)
    const token = await linkFor(person.email)
    const [id = '', mac = ''] = token.split('.')
    const wrong = [
      'x',
      `${id}.`,
      id,
      `${id}.${mac.slice(0, -1)}`,
      `${id}.${mac.slice(1)}${mac[0]}`,
      `${id.slice(0, -1)}0.${mac}`,
      `${id}.${mac}.${mac}`,
    ]
    for (const made of wrong) {
      if (made === token) continue
      expect(await reset(made), made).toMatchObject({ status: 400, body: { code: 'link_invalid' } })
    }
    const verify = await world.client.post('/api/auth/email/verify', { token })
    expect(verify).toMatchObject({ status: 400, body: { code: 'link_invalid' } })
    await world.database.pool.query(`update users set status = 'suspended' where id = $1`, [person.id])
    expect((await reset(token)).status).toBe(400)
    await world.database.pool.query(`update users set status = 'active' where id = $1`, [person.id])
    expect((await reset(token)).status).toBe(204)
  })
  it.each([
    [{ token: 'x', password: 'short' }, '/password'],
    [{ password: newPassword }, '/token'],
    [{ token: 'x'.repeat(201), password: newPassword }, '/token'],
    [{ token: 'x', password: newPassword, more: true }, '/more'],
  ])('400 validation_failed: %j names %s', async (body, path) => {
    const answer = await world.client.post('/api/auth/password/reset', body)
    expect(answer).toMatchObject({ status: 400, body: { code: 'validation_failed', errors: [{ path }] } })
  })
  it('400 validation_failed: too long in bytes, and the link still works', async () => {
    const person = await makePerson(world.deps)
    const token = await linkFor(person.email)
    expect(await reset(token, 'é'.repeat(40))).toMatchObject({
      status: 400,
      body: { errors: [{ path: '/password' }] },
    })
    expect((await reset(token)).status).toBe(204)
  })
})

describe('PATCH /users/me/password', () => {
  it('204: ends the other sessions and keeps this one', async () => {
    const person = await makePerson(world.deps)
    const { body: other } = await signIn(person.email, person.password)
    const me = world.client.as(person.accessToken)
    const change = { currentPassword: person.password, newPassword }
    expect((await me.patch('/api/users/me/password', change)).status).toBe(204)
    expect((await me.get('/api/users/me')).status).toBe(200)
    expect((await world.client.as(other.accessToken).get('/api/users/me')).status).toBe(401)
    expect((await signIn(person.email, person.password)).status).toBe(401)
    expect((await signIn(person.email, newPassword)).status).toBe(200)
  })
  it('204: a password typed in other Unicode forms is the same', async () => {
    const person = await makePerson(world.deps)
    const me = world.client.as(person.accessToken)
    const composed = 'caf\u00e9 au lait'
    await me.patch('/api/users/me/password', { currentPassword: person.password, newPassword: composed })
    expect((await signIn(person.email, composed.normalize('NFD'))).status).toBe(200)
  })
  it('401 invalid_credentials: the current password is wrong; nothing changes', async () => {
    const person = await makePerson(world.deps)
    const me = world.client.as(person.accessToken)
    const answer = await me.patch('/api/users/me/password', { currentPassword: 'a guess', newPassword })
    expect(answer).toMatchObject({ status: 401, body: { code: 'invalid_credentials' } })
    expect((await signIn(person.email, person.password)).status).toBe(200)
  })
  it('401: of two changes at once, which both knew the password, one wins', async () => {
    const person = await makePerson(world.deps)
    const me = world.client.as(person.accessToken)
    const statuses = await Promise.all(
      ['first new password', 'second new password'].map(
        async (newPassword) =>
          (await me.patch('/api/users/me/password', { currentPassword: person.password, newPassword }))
            .status,
      ),
    )
    expect(statuses.sort()).toEqual([204, 401])
  })
  it('401 unauthenticated: nobody is signed in', async () => {
    const answer = await world.client.patch('/api/users/me/password', { currentPassword: 'x', newPassword })
    expect(answer).toMatchObject({ status: 401, body: { code: 'unauthenticated' } })
  })
  it.each([
    [{ currentPassword: 'x', newPassword: 'short' }, '/newPassword'],
    [{ currentPassword: 'x' }, '/newPassword'],
    [{ newPassword }, '/currentPassword'],
    [{ currentPassword: '', newPassword }, '/currentPassword'],
  ])('400 validation_failed: %j names %s', async (body, path) => {
    const person = await makePerson(world.deps)
    const answer = await world.client.as(person.accessToken).patch('/api/users/me/password', body)
    expect(answer).toMatchObject({ status: 400, body: { code: 'validation_failed', errors: [{ path }] } })
  })
  it('400 validation_failed: names a new password that is too long in bytes', async () => {
    const person = await makePerson(world.deps)
    const answer = await world.client
      .as(person.accessToken)
      .patch('/api/users/me/password', { currentPassword: person.password, newPassword: 'é'.repeat(40) })
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: '/newPassword' }] } })
  })
})

describe('hashing', () => {
  const atOnce = Math.max(1, availableParallelism() - 1)
  const hashes = (count: number) => Array.from({ length: count }, () => hashPassword('a password', 4))
  const overloaded = { kind: { status: 503, code: 'overloaded' }, details: { retryAfterSeconds: 2 } }

  it('503 overloaded when 200 wait already; they are served, and then everybody is again', async () => {
    const answers = await Promise.allSettled(hashes(atOnce + 210))
    const refused = answers.filter(({ status }) => status === 'rejected')
    expect(refused).toHaveLength(10)
    for (const answer of refused) expect(answer).toMatchObject({ reason: overloaded })
    expect(await Promise.all(hashes(5))).toHaveLength(5)
  })
  it.runIf(process.platform === 'linux')(
    'yields to requests: it has a lower priority than they',
    async () => {
      await hashPassword('a password', 4)
      const nice = await Promise.all(
        (await readdir('/proc/self/task')).map(async (thread) => {
          // A thread can end meanwhile. Field 19 of proc_pid_stat(5), counted from the third, since the second may hold spaces.
          const stat = await readFile(`/proc/self/task/${thread}/stat`, 'utf8').catch(() => '')
          return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16])
        }),
      )
      expect(nice.filter((value) => value === 5)).not.toHaveLength(0)
      expect(nice.filter((value) => value === 0)).not.toHaveLength(0)
    },
  )
  it('looks people up when it is their turn, so that many who sign in at once hold up nobody else', async () => {
    const order: string[] = []
    const before = hashes(atOnce + 5).map((hash) => hash.then(() => order.push('hashed')))
    const find = async () => void order.push('looked up')
    expect(await findByPassword('a password', find, 4)).toBeUndefined()
    expect(order.indexOf('looked up')).toBeGreaterThanOrEqual(5)
    await Promise.all(before)
  })
  it('503 overloaded is not counted as a wrong password', async () => {
    const person = await makePerson(world.deps)
    const user = await findUserByEmail(world.deps.db, person.email)
    if (!user) throw new Error('no such person')
    const throttle = createThrottle(world.deps)
    const confirm = () => confirmPassword(world.deps, throttle, user, person.password, '10.1.1.1')
    const filling = Promise.all(hashes(atOnce + 200))
    const answers = await Promise.allSettled(Array.from({ length: 10 }, confirm))
    expect(answers.every(({ status }) => status === 'rejected')).toBe(true)
    for (const answer of answers) expect(answer).toMatchObject({ reason: overloaded })
    await filling
    expect(await confirm()).toBe(user.password_hash)
  })
})
