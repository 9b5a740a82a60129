import { createSecretKey, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { nearly } from '../../../test/matrix/junk.ts'
import { httpClient } from '../../../test/support/http.ts'
import { openJsonServer } from '../../../test/support/json-server.ts'
import { type Issuer, openIssuer } from '../../../test/support/oidc.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { buildApp } from '../../app.ts'
import type { UserRole, UserStatus } from '../../platform/database/schema.ts'
import { makePerson } from './factory.ts'
import { announceUserChanged } from './user-signals.ts'

let issuer: Issuer
let world: World
beforeAll(async () => {
  issuer = await openIssuer()
  world = await createWorld({ config: { oidc: oidcOf(issuer) } })
})
afterAll(async () => {
  await world.close()
  await issuer.stop()
})

const oidcOf = ({ url, clientId, api }: Issuer) => ({
  issuer: url,
  jwksUrl: null,
  audience: `${clientId}, ${api}`,
})
const sync = (bearer: string) => world.client.as(bearer).post('/api/auth/sync-user')
const visit = (bearer: string) => world.client.as(bearer).get('/api/auth/sessions')
const newSub = () => randomBytes(6).toString('hex')

/** A token as the issuer signs them, at the world's time; `claims` and `header` change what is said. */
function sign(
  claims: Record<string, unknown>,
  header: { kid?: string; typ?: string } = {},
  key = issuer.key.private,
) {
  const now = Math.floor(world.clock.now().getTime() / 1_000)
  const standard = { iss: issuer.url, aud: issuer.api, sub: newSub(), iat: now, exp: now + 3_600 }
  return new SignJWT({ ...standard, ...claims })
    .setProtectedHeader({ alg: 'RS256', kid: issuer.key.id, ...header })
    .sign(key)
}

/** Somebody with a verified address, as a bearer. */
function newcomer(claims: Record<string, unknown> = {}) {
  const sub = newSub()
  return sign({ sub, email: `${sub}@example.org`, email_verified: true, name: 'Noor', ...claims })
}

describe('POST /auth/sync-user', () => {
  it('200: makes a student on first sight, the same for the ID token and the JWT access token', async () => {
    issuer.person('asha', { email: 'asha@example.org', email_verified: true, name: 'Asha Rao' })
    const { idToken, accessToken } = await issuer.signIn('asha')
    const first = await sync(idToken)
    expect(first).toMatchObject({
      status: 200,
      body: { user: { email: 'asha@example.org', name: 'Asha Rao', role: 'student', emailVerified: true } },
    })
    expect((await sync(accessToken)).body.user.id).toBe(first.body.user.id)
    const facts = await world.deps.db
      .selectFrom('events')
      .select('type')
      .where(sql<boolean>`payload ->> 'userId' = ${first.body.user.id}`)
      .execute()
    expect(facts.map(({ type }) => type).sort()).toEqual(['identity.linked', 'user.registered'])
  })
  it('200: gives no role by the token', async () => {
    const { body } = await sync(await newcomer({ role: 'admin', roles: ['admin'] }))
    expect(body.user.role).toBe('student')
  })
  it('200: answers the user of an access token of our own', async () => {
    const person = await makePerson(world.deps)
    expect(await sync(person.accessToken)).toMatchObject({ status: 200, body: { user: { id: person.id } } })
  })
  it.each([
    ['the same address', ['one', 'one']],
    ['two addresses', ['one', 'two']],
  ])('200: makes one user of first requests at once on two nodes, whose tokens tell %s', async (_, boxes) => {
    const sub = newSub()
    const nodes = await Promise.all([anotherNode(), anotherNode()])
    const answers = await whileIdentitiesWait(nodes.length, async () => {
      const asked = nodes.map(async ({ client }, i) => {
        const bearer = await newcomer({ sub, email: `${boxes[i]}.${sub}@example.org` })
        return Promise.all(Array.from({ length: 4 }, () => client.as(bearer).post('/api/auth/sync-user')))
      })
      return (await Promise.all(asked)).flat()
    })
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200))
    expect(new Set(answers.map(({ body }) => body.user.id)).size).toBe(1)
    const made = world.deps.db.selectFrom('users').select('id').where('email', 'like', `%${sub}@example.org`)
    expect(await made.execute()).toHaveLength(1)
    await Promise.all(nodes.map((node) => node.close()))
  })
  it.each([
    ['200: asks the provider for an address that the token does not tell, with that very token', 'same', 200],
    ['401 identity_incomplete: the provider answers about somebody else', 'another', 401],
  ])('%s', async (_, whom, status) => {
    const sub = newSub()
    const { url, close } = await openJsonServer((path, { headers }) => {
      if (path === '/.well-known/openid-configuration')
        return { body: { issuer: url, jwks_uri: `${url}/keys`, userinfo_endpoint: `${url}/me` } }
      if (path === '/keys') return { body: { keys: [jwk] } }
      if (headers.authorization !== `Bearer ${bearer}`) return { status: 401, body: null }
      const claims = { email: `${sub}@example.org`, email_verified: true, name: 'Ilse' }
      return { body: { ...claims, sub: whom === 'same' ? sub : whom } }
    })
    const jwk = { ...(await exportJWK(issuer.key.public)), kid: issuer.key.id }
    const bearer = await sign({ iss: `${url}/`, sub })
    const node = await anotherNode({ issuer: url, jwksUrl: null, audience: null })
    const answer = await node.client.as(bearer).post('/api/auth/sync-user')
    expect(answer).toMatchObject(
      status === 200
        ? { status, body: { user: { email: `${sub}@example.org`, name: 'Ilse', emailVerified: true } } }
        : { status, body: { code: 'identity_incomplete' } },
    )
    await node.close()
    await close()
  })
  it('400 validation_failed: takes no fields', async () => {
    const answer = await world.client.as(await newcomer()).post('/api/auth/sync-user', { role: 'admin' })
    expect([answer.status, answer.body.errors[0].path]).toEqual([400, '/role'])
  })
  it('401 unauthenticated: without a bearer', async () => {
    expect(await world.client.post('/api/auth/sync-user')).toMatchObject({
      status: 401,
      body: { code: 'unauthenticated' },
    })
  })
  it('401 identity_incomplete: where neither token nor provider tells an e-mail address', async () => {
    issuer.person('nameless', { name: 'No Address' })
    const { idToken } = await issuer.signIn('nameless')
    expect(await sync(idToken)).toMatchObject({ status: 401, body: { code: 'identity_incomplete' } })
    expect((await visit(idToken)).status).toBe(401)
  })
  it('503 identity_provider_not_configured: where there is no provider', async () => {
    const node = await anotherNode({ issuer: null, jwksUrl: null, audience: null })
    const bearer = await newcomer()
    const answer = await node.client.as(bearer).post('/api/auth/sync-user')
    expect(answer).toMatchObject({ status: 503, body: { code: 'identity_provider_not_configured' } })
    expect((await node.client.as(bearer).get('/api/auth/sessions')).status).toBe(401)
    await node.close()
  })
})

describe('an e-mail address that somebody here has', () => {
  it('200: a verified identity is linked to the verified account, which keeps its role and password', async () => {
    const person = await makePerson(world.deps, { role: 'instructor' })
    const answer = await sync(await newcomer({ email: person.email.toUpperCase() }))
    expect(answer).toMatchObject({ status: 200, body: { user: { id: person.id, role: 'instructor' } } })
    const { email, password } = person
    expect((await world.client.post('/api/auth/login', { email, password })).status).toBe(200)
  })
  it.each([
    ['false', { email_verified: false }],
    ['absent', { email_verified: undefined }],
    ['the text true', { email_verified: 'true' }],
  ])('409 email_taken: email_verified %s does not take over the account', async (_, said) => {
    const person = await makePerson(world.deps, { role: 'admin' })
    const bearer = await newcomer({ email: person.email, ...said })
    expect(await sync(bearer)).toMatchObject({ status: 409, body: { code: 'email_taken' } })
    expect(await visit(bearer)).toMatchObject({ status: 401, body: { code: 'unauthenticated' } })
  })
  it('409 email_taken: an account whose address was never verified is not shared with who made it', async () => {
    const email = `${newSub()}@example.org`
    await world.client.post('/api/auth/register', { email, password: 'made in advance', name: 'Somebody' })
    expect((await sync(await newcomer({ email }))).status).toBe(409)
  })
  it('409 email_taken: nor is one that another unverified identity made', async () => {
    const email = `${newSub()}@example.org`
    expect((await sync(await newcomer({ email, email_verified: false }))).status).toBe(200)
    expect((await sync(await newcomer({ email }))).status).toBe(409)
  })
})

describe('any other route', () => {
  it('200: makes the user on first sight; after that the guard asks neither database nor provider', async () => {
    const bearer = await newcomer()
    expect((await visit(bearer)).status).toBe(200)
    world.statements.length = 0
    issuer.requests.length = 0
    expect((await visit(bearer)).status).toBe(200)
    expect(world.statements).toEqual([expect.stringContaining('from "sessions"')])
    expect(issuer.requests).toEqual([])
  })
  it.each<[string, Record<string, unknown>, { typ?: string; kid?: string }]>([
    ['another audience', { aud: 'https://elsewhere.test' }, {}],
    ['no audience', { aud: undefined }, {}],
    ['another issuer', { iss: 'https://elsewhere.test' }, {}],
    ['no subject', { sub: undefined }, {}],
    ['a subject that is no text', { sub: 7 }, {}],
    ['a subject beyond all bounds', { sub: 'x'.repeat(256) }, {}],
    ['no expiry', { exp: undefined }, {}],
    ['expired', { exp: 1_700_000_000 }, {}],
    ['not valid yet', { nbf: 4_000_000_000 }, {}],
    ['bound to a key', { cnf: { jkt: 'x' } }, {}],
    ['a logout token', { events: {} }, {}],
    ['of another type', {}, { typ: 'logout+jwt' }],
    ['of an unknown key', {}, { kid: 'unknown' }],
  ])('401: %s', async (_, claims, header) => {
    const person = { email: `${newSub()}@example.org`, email_verified: true }
    expect((await visit(await sign(person))).status).toBe(200)
    expect((await visit(await sign({ ...person, ...claims }, header))).status).toBe(401)
  })
  it('401: of another key under the right name', async () => {
    const { privateKey } = await generateKeyPair('RS256')
    expect((await visit(await sign({ email: 'e@example.org' }, {}, privateKey))).status).toBe(401)
  })
  it('401: unsigned, and signed by HMAC with the public key as the secret', async () => {
    const claims = {
      iss: issuer.url,
      aud: issuer.api,
      sub: newSub(),
      email: 'f@example.org',
      exp: 4_000_000_000,
    }
    expect((await visit(new UnsecuredJWT(claims).encode())).status).toBe(401)
    const secret = createSecretKey(Buffer.from(await exportSPKI(issuer.key.public)))
    const confused = new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: issuer.key.id }).sign(secret)
    expect((await visit(await confused)).status).toBe(401)
  })
  it('401, or another refusal with a code, or somebody: whatever the provider has signed', {
    timeout: 60_000,
  }, async () => {
    const now = Math.floor(world.clock.now().getTime() / 1_000)
    const right = {
      iss: issuer.url,
      aud: issuer.api,
      iat: now,
      exp: now + 3_600,
      name: 'Noor',
      email_verified: true,
    }
    const claims = nearly({ ...right, sub: newSub(), email: 'somebody@example.org' }).filter(
      (said) => typeof said === 'object' && said !== null && !Array.isArray(said),
    )
    const property = fc.asyncProperty(claims, async (said) => {
      const bearer = await new SignJWT(said as Record<string, unknown>)
        .setProtectedHeader({ alg: 'RS256', kid: issuer.key.id })
        .sign(issuer.key.private)
      const { status, body } = await visit(bearer)
      if (status !== 200)
        expect([status, body.code]).toEqual([expect.toBeOneOf([401, 403, 409]), expect.any(String)])
    })
    await fc.assert(property, { numRuns: 100 })
  })
  it('401: once it has expired, though it was verified before', async () => {
    const bearer = await newcomer({ exp: Math.floor(world.clock.now().getTime() / 1_000) + 60 })
    expect((await visit(bearer)).status).toBe(200)
    world.clock.advance({ seconds: 66 })
    expect((await visit(bearer)).status).toBe(401)
  })
  it("403: the session is the provider's to end", async () => {
    expect((await world.client.as(await newcomer()).post('/api/auth/logout')).status).toBe(403)
  })
})

describe('a person whose role or status changes', () => {
  it.each<UserStatus>(['suspended', 'deleted'])('401: %s, at once', async (status) => {
    const bearer = await newcomer()
    const { user } = (await sync(bearer)).body
    expect((await visit(bearer)).status).toBe(200)
    await change(user.id, { status })
    expect((await visit(bearer)).status).toBe(401)
    const again = await sync(bearer)
    expect([again.status, again.body.code]).toEqual(
      status === 'suspended' ? [403, 'account_suspended'] : [401, 'unauthenticated'],
    )
    await change(user.id, { status: 'active' })
    expect((await visit(bearer)).status).toBe(200)
  })
  it('401: suspended by another node, which a signal tells', async () => {
    const bearer = await newcomer()
    const { user } = (await sync(bearer)).body
    await elsewhere(`update users set status = 'suspended' where id = $1`, [user.id])
    expect((await visit(bearer)).status).toBe(200)
    await elsewhere(`select pg_notify('lectern_signals', $1)`, [JSON.stringify(['user.changed', user.id])])
    await vi.waitFor(async () => expect((await visit(bearer)).status).toBe(401), 10_000)
  })
  it('401: suspended while signals were lost, during the gap and after it', async () => {
    const bearer = await newcomer()
    const { user } = (await sync(bearer)).body
    const { signals } = world.deps
    await elsewhere(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where application_name = 'lectern signals' and datname = current_database()`,
    )
    await vi.waitFor(() => expect(signals.connected()).toBe(false), 10_000)
    expect((await visit(bearer)).status).toBe(200)
    await elsewhere(`update users set status = 'suspended' where id = $1`, [user.id])
    expect((await visit(bearer)).status).toBe(401)
    await vi.waitFor(() => expect(signals.connected()).toBe(true), 10_000)
    expect((await visit(bearer)).status).toBe(401)
  })
})

describe("the provider's keys", () => {
  it('401, then 200: a new key is fetched without a restart, though not more often than every 30 seconds', async () => {
    const old = await newcomer()
    world.clock.advance({ seconds: 31 })
    expect((await visit(old)).status).toBe(200)
    expect((await visit(await sign({}, { kid: 'made-up' }))).status).toBe(401)
    await issuer.rotate()
    issuer.requests.length = 0
    const fresh = await newcomer()
    expect((await visit(fresh)).status).toBe(401)
    expect(issuer.requests).toEqual([])
    world.clock.advance({ seconds: 31 })
    expect((await visit(fresh)).status).toBe(200)
    expect(issuer.requests).toEqual(['/jwks'])
    expect((await visit(old)).status).toBe(401)
  })
  it('200: known keys serve while the provider is away', async () => {
    const bearer = await newcomer({ exp: 4_000_000_000 })
    await issuer.stop()
    world.clock.advance({ hours: 1 })
    expect((await visit(bearer)).status).toBe(200)
    await issuer.start()
  })
  it('502 identity_provider_failed: it cannot be asked; once it can, 200', async () => {
    const node = await anotherNode(oidcOf(issuer))
    const bearer = await newcomer()
    await issuer.stop()
    const answer = await node.client.as(bearer).get('/api/auth/sessions')
    expect(answer).toMatchObject({ status: 502, body: { code: 'identity_provider_failed' } })
    expect(answer.headers.get('retry-after')).toBe('5')
    await issuer.start()
    world.clock.advance({ seconds: 5 })
    expect((await node.client.as(bearer).get('/api/auth/sessions')).status).toBe(200)
    await node.close()
  })
  it('502 identity_provider_failed: its metadata name another issuer', async () => {
    const { url, close } = await openJsonServer(() => ({
      body: { issuer: 'https://elsewhere.test', jwks_uri: `${issuer.url}/jwks` },
    }))
    const node = await anotherNode({ issuer: url, jwksUrl: null, audience: null })
    const answer = await node.client.as(await newcomer({ iss: url })).post('/api/auth/sync-user')
    expect(answer).toMatchObject({ status: 502, body: { code: 'identity_provider_failed' } })
    await node.close()
    await close()
  })
})

/** A second program on the same database; with another provider if one is given. */
async function anotherNode(oidc = world.deps.config.oidc) {
  const app = await buildApp({ ...world.deps, config: { ...world.deps.config, oidc } })
  const client = httpClient(await app.listen({ host: '127.0.0.1', port: 0 }))
  return { client, close: () => app.close() }
}

/** As an admin's use case does it. */
async function change(userId: string, to: { status?: UserStatus; role?: UserRole }): Promise<void> {
  await world.deps.transact(async (tx) => {
    await tx.updateTable('users').set(to).where('id', '=', userId).execute()
    await announceUserChanged(tx, userId)
  })
}

/** On a connection of its own, so that nothing in this process knows. */
async function elsewhere(statement: string, values: unknown[] = []): Promise<void> {
  await world.database.pool.query(statement, values)
}

/** Lets nobody be linked until so many requests wait to be, so that they have all looked before anyone is there. */
async function whileIdentitiesWait<T>(waiting: number, work: () => Promise<T>): Promise<T> {
  const client = await world.database.pool.connect()
  try {
    await client.query('begin; lock table identities in share row exclusive mode')
    const done = work()
    await vi.waitFor(async () => {
      // On another connection: a transaction sees the activity as it was when it first looked.
      const { rowCount } = await world.database.pool.query(
        `select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
      )
      expect(rowCount).toBe(waiting)
    }, 5_000)
    await client.query('commit')
    return await done
  } finally {
    client.release(true)
  }
}
