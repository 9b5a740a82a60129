import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openNode } from '../../../test/support/node.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { makePerson, tokenIn } from './factory.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

let made = 0
async function register() {
  const email = `someone-${++made}@example.org`
  const { body } = await world.client.post('/api/auth/register', {
    email,
    password: 'a long password',
    name: 'Click <a href="https://evil.example">here</a>',
  })
  return { email, me: world.client.as(body.accessToken), mails: () => mailsTo(email) }
}
const mailsTo = (address: string) => world.mails.filter(({ to }) => to === address)
const verify = (token: string) => world.client.post('/api/auth/email/verify', { token })

describe('POST /auth/email/verify', () => {
  it('204: by the link that registering mails', async () => {
    const { me, mails } = await register()
    await world.drain()
    expect(mails()).toHaveLength(1)
    expect(mails()[0]?.text).toContain('http://lectern.test/verify-email?token=')
    expect((await me.get('/api/users/me')).body.emailVerified).toBe(false)
    expect((await verify(tokenIn(mails()[0]))).status).toBe(204)
    expect((await me.get('/api/users/me')).body.emailVerified).toBe(true)
  })
  it('400 link_invalid: the second time, and of requests at once but one', async () => {
    const { mails } = await register()
    await world.drain()
    const token = tokenIn(mails()[0])
    const statuses = (await Promise.all([1, 2, 3, 4].map(() => verify(token)))).map(({ status }) => status)
    expect(statuses.sort()).toEqual([204, 400, 400, 400])
    expect(await verify(token)).toMatchObject({ status: 400, body: { code: 'link_invalid' } })
  })
  it('400 link_invalid: after three days', async () => {
    const { mails } = await register()
    await world.drain()
    world.clock.advance({ days: 3 })
    expect(await verify(tokenIn(mails()[0]))).toMatchObject({ status: 400, body: { code: 'link_invalid' } })
  })
  it('400 link_invalid: as a link to set a password', async () => {
    const { mails } = await register()
    await world.drain()
    const reset = { token: tokenIn(mails()[0]), password: 'another password' }
    expect(await world.client.post('/api/auth/password/reset', reset)).toMatchObject({
      status: 400,
      body: { code: 'link_invalid' },
    })
  })
  it('204: a link made before the secret was changed', async () => {
    const { mails } = await register()
    await world.drain()
    const secrets = [
      'a new secret that signs from now on, as it is first',
      ...world.deps.config.accessTokenSecrets,
    ]
    const node = await openNode(world, { config: { accessTokenSecrets: secrets } })
    const answer = await node.client.post('/api/auth/email/verify', { token: tokenIn(mails()[0]) })
    await node.close()
    expect(answer.status).toBe(204)
  })
  it.each([[{}], [{ token: '' }], [{ token: 1 }], [{ token: 'x', user: 'y' }]])(
    '400 validation_failed: %j',
    async (body) => {
      const answer = await world.client.post('/api/auth/email/verify', body)
      expect(answer).toMatchObject({ status: 400, body: { code: 'validation_failed' } })
    },
  )
})

describe('the mail', () => {
  it('carries nothing that the stranger who registered wrote', async () => {
    const { mails } = await register()
    await world.drain()
    expect(JSON.stringify(mails())).not.toContain('evil.example')
  })
  it('leads to the front end where there is one', async () => {
    const person = await makePerson(world.deps, { email: 'front@example.org' })
    const other = await createWorld({ config: { corsOrigins: ['*', 'https://school.example'] } })
    await other.client.post('/api/auth/register', {
      email: person.email,
      password: 'a long password',
      name: 'A',
    })
    await other.drain()
    const [mail] = other.mails
    await other.close()
    expect(mail?.text).toContain('https://school.example/verify-email?token=')
  })
  it('is the same, under the same id, when it is tried again', async () => {
    const { mails } = await register()
    const { mailer } = world.deps
    const { send } = mailer
    const tried: string[] = []
    mailer.send = async ({ id }) => {
      tried.push(id)
      throw new Error('the mail server is away')
    }
    await world.drain()
    mailer.send = send
    world.clock.advance({ minutes: 1 })
    await world.drain()
    expect(mails()).toHaveLength(1)
    expect(tried).toEqual([mails()[0]?.id])
  })
  it('is not sent to somebody who was suspended meanwhile', async () => {
    const { email, mails } = await register()
    await world.database.pool.query(`update users set status = 'suspended' where email = $1`, [email])
    await world.drain()
    expect(mails()).toHaveLength(0)
  })
})

describe('POST /auth/email/resend', () => {
  it('202: mails a new link, once a minute at most; the older one works, too', async () => {
    const { me, mails } = await register()
    await world.drain()
    world.clock.advance({ seconds: 59 })
    expect((await me.post('/api/auth/email/resend')).status).toBe(202)
    await world.drain()
    expect(mails()).toHaveLength(1)
    world.clock.advance({ seconds: 1 })
    await Promise.all([1, 2, 3].map(() => me.post('/api/auth/email/resend')))
    await world.drain()
    expect(mails()).toHaveLength(2)
    expect((await verify(tokenIn(mails()[0]))).status).toBe(204)
  })
  it('202: mails nothing where the address is verified', async () => {
    const person = await makePerson(world.deps)
    const answer = await world.client.as(person.accessToken).post('/api/auth/email/resend')
    await world.drain()
    expect(answer.status).toBe(202)
    expect(mailsTo(person.email)).toHaveLength(0)
  })
  it('401 unauthenticated: nobody is signed in', async () => {
    expect((await world.client.post('/api/auth/email/resend')).status).toBe(401)
  })
})
