import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type JsonServer, openJsonServer } from '../../../test/support/json-server.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { buildApp } from '../../app.ts'
import type { Config } from '../../platform/config.ts'
import { newId } from '../../platform/ids.ts'
import { makePerson } from './factory.ts'

const secretKey = 'sk_test_for_this_test_alone'
const frontEnd = 'https://school.test'
const keys = await generateKeyPair('RS256', { extractable: true })

/** What Clerk's Backend API and the instance's own address answer, by path. */
const answers = new Map<string, { status?: number; body: unknown }>()
let clerk: JsonServer
let world: World

beforeAll(async () => {
  clerk = await openJsonServer((path, { headers }) => {
    const isApi = path.startsWith('/v1/')
    if (isApi && headers.authorization !== `Bearer ${secretKey}`) return { status: 401, body: { errors: [] } }
    return answers.get(path) ?? { status: 404, body: { errors: [] } }
  })
  const jwtKey = (await exportSPKI(keys.publicKey)).replaceAll('\n', '\\n')
  const settings = { issuer: clerk.url, jwtKey, secretKey, apiUrl: clerk.url }
  world = await createWorld({ config: { clerk: settings, corsOrigins: [`${frontEnd}/`] } })
})
afterAll(async () => {
  await world.close()
  await clerk.close()
})
beforeEach(() => void clerk.requests.splice(0))

const sync = (bearer: string) => world.client.as(bearer).post('/api/auth/sync-user')
const visit = (bearer: string) => world.client.as(bearer).get('/api/auth/sessions')
const newSub = () => `user_${newId().replaceAll('-', '')}`

/** A session token, version 2, as Clerk signs it, at the world's time; `claims` change what is said. */
function session(claims: Record<string, unknown> = {}): Promise<string> {
  const now = Math.floor(world.clock.now().getTime() / 1_000)
  const standard = {
    azp: frontEnd,
    exp: now + 60,
    fva: [0, -1],
    iat: now,
    iss: clerk.url,
    jti: newId(),
    nbf: now - 5,
    sid: 'sess_2x',
    sts: 'active',
    sub: newSub(),
    v: 2,
  }
  return new SignJWT({ ...standard, ...claims })
    .setProtectedHeader({ alg: 'RS256', cat: 'cl_B7d4PD111AAA', kid: 'ins_2x', typ: 'JWT' })
    .sign(keys.privateKey)
}

/** Makes Clerk know a person with two addresses, of which `email` is the primary one. */
function knownToClerk(email: string, options: { status?: string } = {}): string {
  const sub = newSub()
  const address = (id: string, email_address: string, status: string) => ({
    id,
    object: 'email_address',
    email_address,
    verification: { status, strategy: 'email_code' },
    linked_to: [],
  })
  const body = {
    id: sub,
    object: 'user',
    primary_email_address_id: 'idn_2',
    email_addresses: [
      address('idn_1', `other.${email}`, 'verified'),
      address('idn_2', email, options.status ?? 'verified'),
    ],
    first_name: 'Mira',
    last_name: 'Sen',
    username: null,
  }
  answers.set(`/v1/users/${sub}`, { body })
  return sub
}

describe("Clerk's session token", () => {
  it('200: is enough by itself where it is customized to tell address and name', async () => {
    const email = `${newId()}@example.org`
    const bearer = await session({ email, email_verified: true, name: 'Asha Rao' })
    expect((await sync(bearer)).body.user).toMatchObject({
      email,
      name: 'Asha Rao',
      role: 'student',
      emailVerified: true,
    })
    expect((await visit(bearer)).status).toBe(200)
    expect(clerk.requests).toEqual([])
  })
  it('200: as it comes by default, has the Backend API asked once for the primary address and the name', async () => {
    const email = `${newId()}@example.org`
    const sub = knownToClerk(email)
    const bearer = await session({ sub })
    const first = await Promise.all(Array.from({ length: 8 }, () => visit(bearer)))
    expect(first.map(({ status }) => status)).toEqual(Array(8).fill(200))
    expect((await sync(await session({ sub }))).body.user).toMatchObject({
      email,
      name: 'Mira Sen',
      emailVerified: true,
    })
    expect(clerk.requests).toEqual([`GET /v1/users/${sub}`])
  })
  it('200: the address that Clerk verified is linked to the account here', async () => {
    const { id, email } = await makePerson(world.deps)
    expect((await sync(await session({ sub: knownToClerk(email) }))).body.user.id).toBe(id)
  })
  it('409 email_taken: one that Clerk did not verify is not', async () => {
    const { email } = await makePerson(world.deps)
    const bearer = await session({ sub: knownToClerk(email, { status: 'unverified' }) })
    expect(await sync(bearer)).toMatchObject({ status: 409, body: { code: 'email_taken' } })
  })
  it('200: of a native app, which has no authorized party', async () => {
    const bearer = await session({ sub: knownToClerk(`${newId()}@example.org`), azp: undefined })
    expect((await visit(bearer)).status).toBe(200)
  })
  it.each([
    ['made for another front end', { azp: 'https://elsewhere.test' }],
    ['of a session that is pending', { sts: 'pending' }],
    ['of another instance', { iss: 'https://other.clerk.accounts.dev' }],
    ['that has expired', { exp: 1_700_000_000 }],
    ['that is not valid yet', { nbf: 4_000_000_000 }],
  ])('401: one %s', async (_, claims) => {
    const sub = knownToClerk(`${newId()}@example.org`)
    expect((await visit(await session({ sub, ...claims }))).status).toBe(401)
    expect((await visit(await session({ sub }))).status).toBe(200)
  })
})

describe("Clerk's Backend API", () => {
  it('401 unauthenticated: does not know the person any more', async () => {
    expect(await sync(await session())).toMatchObject({ status: 401, body: { code: 'unauthenticated' } })
  })
  it('401 identity_incomplete: knows the person by telephone only', async () => {
    const sub = newSub()
    answers.set(`/v1/users/${sub}`, {
      body: { id: sub, primary_email_address_id: null, email_addresses: [] },
    })
    expect(await sync(await session({ sub }))).toMatchObject({
      status: 401,
      body: { code: 'identity_incomplete' },
    })
  })
  it.each([
    ['is broken', { status: 500, body: {} }],
    ['is overloaded', { status: 429, body: {} }],
    ['moved', { status: 301, body: {} }],
    ['answers something else', { body: null }],
  ])('401 or 502, never 500: it %s', async (_, answer) => {
    const sub = newSub()
    answers.set(`/v1/users/${sub}`, answer)
    expect([401, 502]).toContain((await sync(await session({ sub }))).status)
  })
  it('502 identity_provider_failed: does not accept our key, or cannot be reached', async () => {
    const { clerk: settings } = world.deps.config
    const sub = knownToClerk(`${newId()}@example.org`)
    for (const change of [{ secretKey: 'sk_wrong' }, { apiUrl: 'http://127.0.0.1:1' }]) {
      const answer = await askNode({ ...settings, ...change }, await session({ sub }))
      expect(answer).toMatchObject({ status: 502, code: 'identity_provider_failed' })
    }
    expect((await sync(await session({ sub }))).status).toBe(200)
  })
  it('401 identity_incomplete: is not asked without our key', async () => {
    const bearer = await session({ sub: knownToClerk(`${newId()}@example.org`) })
    const answer = await askNode({ ...world.deps.config.clerk, secretKey: null }, bearer)
    expect(answer).toMatchObject({ status: 401, code: 'identity_incomplete' })
    expect(clerk.requests).toEqual([])
  })
})

describe('CLERK_JWT_KEY', () => {
  it('200: where it is not set, the instance is asked for its keys', async () => {
    const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'ins_2x', alg: 'RS256', use: 'sig' }
    answers.set('/.well-known/jwks.json', { body: { keys: [jwk] } })
    const bearer = await session({ sub: knownToClerk(`${newId()}@example.org`) })
    const answer = await askNode({ ...world.deps.config.clerk, jwtKey: null }, bearer)
    expect(answer.status).toBe(200)
    expect(clerk.requests[0]).toBe('GET /.well-known/jwks.json')
  })
  it('refuses to start where it is not a public key', async () => {
    const clerk = { ...world.deps.config.clerk, jwtKey: 'pk_test_publishable' }
    const config = { ...world.deps.config, clerk }
    await expect(buildApp({ ...world.deps, config })).rejects.toThrow('CLERK_JWT_KEY')
  })
})

/** Asks a second program on the same database, which has other settings of Clerk. */
async function askNode(clerk: Config['clerk'], bearer: string): Promise<{ status: number; code?: string }> {
  const app = await buildApp({ ...world.deps, config: { ...world.deps.config, clerk } })
  const headers = { authorization: `Bearer ${bearer}` }
  const answer = await app.inject({ method: 'POST', url: '/api/auth/sync-user', headers })
  await app.close()
  return { status: answer.statusCode, ...answer.json() }
}
