import { once } from 'node:events'
import { connect } from 'node:net'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { pino } from 'pino'
import { Type } from 'typebox'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, httpClient } from '../../../test/support/http.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { makePerson } from '../../modules/accounts/factory.ts'
import { createAuthenticate } from '../../modules/accounts/index.ts'
import type { Config } from '../config.ts'
import type { App } from './app.ts'
import { pageQuery, readPage, toPage } from './pagination.ts'
import { anyone, only, signedIn, visitor } from './policy.ts'
import { perAddress, perPerson } from './rate-limits.ts'
import { overloaded, refuse } from './refusal.ts'
import { Closed } from './schemas.ts'
import { createHttp } from './server.ts'

/** Whatever it is. */
const response = { 200: Type.Unsafe<unknown>({}) }

let world: World
let app: App
let client: Client
let bearer: string

/** A small API of its own on the platform: what holds for it holds for every route. */
async function startApp(
  routes: (app: App) => void,
  config: Partial<Config> = {},
): Promise<{ app: App; client: Client }> {
  const deps = { ...world.deps, config: { ...world.deps.config, ...config } }
  const app = await createHttp(deps, createAuthenticate(deps))
  routes(app)
  return { app, client: httpClient(await app.listen({ host: '127.0.0.1', port: 0 })) }
}

const numbers = Array.from({ length: 45 }, (_, index) => index + 1)
const isNumber = (value: unknown): value is number => typeof value === 'number'

beforeAll(async () => {
  world = await createWorld()
  bearer = (await makePerson(world.deps)).accessToken
  const started = await startApp((app) => {
    app.post(
      '/echo',
      {
        config: { policy: anyone },
        schema: {
          body: Closed({ word: Type.String({ maxLength: 5 }), times: Type.Optional(Type.Integer()) }),
          response,
        },
      },
      async (request) => request.body,
    )
    app.get(
      '/numbers',
      { config: { policy: anyone }, schema: { querystring: Closed(pageQuery), response } },
      async (request) => {
        const { limit, after } = readPage(request.query, isNumber)
        return toPage(
          numbers.filter((number) => number > (after ?? 0)).slice(0, limit + 1),
          limit,
          (number) => number,
        )
      },
    )
    app.get('/public', { config: { policy: visitor }, schema: { response } }, async () => ({ fixed: true }))
    app.get('/private', { config: { policy: signedIn }, schema: { response } }, async () => ({ fixed: true }))
    app.get('/admins', { config: { policy: only('admin') }, schema: { response } }, async () => ({}))
    app.get(
      '/filtered',
      { config: { policy: anyone }, schema: { response: { 200: Type.Object({ shown: Type.String() }) } } },
      async () => ({ shown: 'yes', secret: 'no' }),
    )
    app.get('/broken', { config: { policy: anyone }, schema: { response } }, async () => {
      throw new Error('select secret from somewhere')
    })
  })
  app = started.app
  client = started.client
})
afterAll(async () => {
  await app.close()
  await world.close()
})

describe('errors are problem documents', () => {
  it.each([
    ['404 not_found for an unknown path', () => client.get('/nowhere'), 404, 'not_found'],
    [
      '400 validation_failed for a body that is not JSON',
      () => client.post('/echo', '{"word":', json),
      400,
      'validation_failed',
    ],
    [
      '400 validation_failed for an empty body',
      () => client.post('/echo', '', json),
      400,
      'validation_failed',
    ],
    [
      '415 unsupported_media_type for another content type',
      () => client.post('/echo', 'word', { headers: { 'content-type': 'text/csv' } }),
      415,
      'unsupported_media_type',
    ],
    [
      '415 unsupported_media_type for a form where none is taken',
      () => client.post('/echo', '--x--', { headers: { 'content-type': 'multipart/form-data; boundary=x' } }),
      415,
      'unsupported_media_type',
    ],
    [
      '413 payload_too_large for a body over 1 MB',
      () => client.post('/echo', { word: 'x'.repeat(1_100_000) }),
      413,
      'payload_too_large',
    ],
    ['401 unauthenticated without a token', () => client.get('/private'), 401, 'unauthenticated'],
    [
      '401 unauthenticated for a token that is none',
      () => client.as('garbage').get('/private'),
      401,
      'unauthenticated',
    ],
    [
      '401 unauthenticated for a wrong token where one is optional',
      () => client.as('garbage').get('/public'),
      401,
      'unauthenticated',
    ],
    ['403 forbidden for another role', () => client.as(bearer).get('/admins'), 403, 'forbidden'],
  ])('%s', async (_title, request, status, code) => {
    const answer = await request()
    expect(answer.status).toBe(status)
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/)
    expect(answer.body).toMatchObject({
      type: 'about:blank',
      status,
      code,
      title: expect.any(String),
      detail: expect.any(String),
    })
    expect(answer.body.requestId).toBe(answer.headers.get('x-request-id'))
  })

  it('names every bad field, unknown ones too', async () => {
    const { body } = await client.post('/echo', { word: 'too long', times: 'many', shout: true })
    expect(body.errors.map((error: { path: string }) => error.path).sort()).toEqual([
      '/shout',
      '/times',
      '/word',
    ])
  })

  it('429 after 300 bearers a minute that are not valid, from one address', async () => {
    const { app, client } = await startApp((app) => {
      app.get('/mine', { config: { policy: signedIn }, schema: { response } }, async () => ({}))
    })
    const statuses = new Map<number, number>()
    for (let round = 0; round < 10; round++) {
      const answers = await Promise.all(Array.from({ length: 40 }, () => client.as('garbage').get('/mine')))
      for (const { status } of answers) statuses.set(status, (statuses.get(status) ?? 0) + 1)
    }
    expect(Object.fromEntries(statuses)).toMatchObject({ 429: expect.any(Number) })
    expect(statuses.get(401)).toBeLessThanOrEqual(300)
    await app.close()
    world.clock.advance({ seconds: 61 })
  })

  it('refuses an unknown query field', async () => {
    expect(await client.get('/numbers?limit=5&page=2')).toMatchObject({
      status: 400,
      body: { errors: [{ path: '/page' }] },
    })
  })

  it('tells nothing of what went wrong inside', async () => {
    const { status, body } = await client.get('/broken')
    expect(status).toBe(500)
    expect(body.code).toBe('internal_error')
    expect(JSON.stringify(body)).not.toMatch(/select|stack|secret/)
  })
})

const json = { headers: { 'content-type': 'application/json' } }

describe('a route', () => {
  it('does not start without a declared policy', async () => {
    await expect(
      startApp((app) => void app.get('/open', { schema: { response } }, async () => ({}))),
    ).rejects.toThrow(/declares no policy/)
  })
  it('does not start with a body that takes unknown fields', async () => {
    const open = {
      config: { policy: anyone },
      schema: { body: Type.Object({ word: Type.String() }), response },
    }
    await expect(startApp((app) => void app.post('/open', open, async () => ({})))).rejects.toThrow(
      /unknown fields/,
    )
  })
  it('does not start when something inside its body takes unknown fields', async () => {
    const body = Closed({ words: Type.Array(Type.Object({ word: Type.String() })) })
    const open = { config: { policy: anyone }, schema: { body, response } }
    await expect(startApp((app) => void app.post('/open', open, async () => ({})))).rejects.toThrow(
      /unknown fields/,
    )
  })
  it('does not start without saying what it answers', async () => {
    const mute = { config: { policy: anyone } }
    await expect(startApp((app) => void app.get('/mute', mute, async () => ({})))).rejects.toThrow(
      /does not declare what it answers/,
    )
  })
  it('takes no query and no body unless it says which', async () => {
    expect(await client.get('/public?x=1')).toMatchObject({ status: 400, body: { errors: [{ path: '/x' }] } })
    const logout = await world.client.as(bearer).post('/api/auth/logout', { everywhere: true })
    expect(logout).toMatchObject({ status: 400, body: { errors: [{ path: '/everywhere' }] } })
  })
  it('sends no field that its response does not list', async () => {
    expect((await client.get('/filtered')).body).toEqual({ shown: 'yes' })
  })
})

describe('lists', () => {
  it('are paged by cursor to the end, 20 at a time unless asked otherwise', async () => {
    const first = await client.get('/numbers')
    expect(first.body.items).toEqual(numbers.slice(0, 20))
    const second = await client.get(`/numbers?limit=20&cursor=${first.body.nextCursor}`)
    const third = await client.get(`/numbers?cursor=${second.body.nextCursor}`)
    expect(third.body).toEqual({ items: numbers.slice(40), nextCursor: null })
  })
  it.each([
    'limit=0',
    'limit=101',
    'limit=x',
    'cursor=x',
    `cursor=${Buffer.from('{"a":1}').toString('base64url')}`,
  ])('400: %s', async (query) => {
    const { status, body } = await client.get(`/numbers?${query}`)
    expect(status).toBe(400)
    expect(body.errors[0].path).toBe(`/${query.split('=')[0]}`)
  })
})

describe('ETag', () => {
  it('304 for the same representation of a public resource; 200 for another', async () => {
    const tag = (await client.get('/public')).headers.get('etag') ?? ''
    expect(tag).toMatch(/^W\/"/)
    const same = await client.get('/public', { headers: { 'if-none-match': `"other", ${tag}` } })
    expect(same).toMatchObject({ status: 304, body: null })
    expect((await client.get('/public', { headers: { 'if-none-match': '"other"' } })).status).toBe(200)
  })
  it('is the same for HEAD, which is 304 as well', async () => {
    const tag = (await client.get('/public')).headers.get('etag') ?? ''
    const head = (headers: Record<string, string> = {}) =>
      fetch(new URL('/public', app.listeningOrigin), { method: 'HEAD', headers })
    expect((await head()).headers.get('etag')).toBe(tag)
    expect((await head({ 'if-none-match': tag })).status).toBe(304)
  })
  it('is not given to what is private', async () => {
    expect((await client.as(bearer).get('/private')).headers.get('etag')).toBeNull()
  })
})

describe('rate limits', () => {
  it('429 with Retry-After and RateLimit headers, per address, and again 200 after the window', async () => {
    const limited = await startApp(
      (app) =>
        void app.get(
          '/few',
          { config: { policy: anyone, ...perAddress(3) }, schema: { response } },
          async () => ({}),
        ),
      { rateLimits: true },
    )
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => limited.client.get('/few')))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 429, 429])
    const refused = answers.find(({ status }) => status === 429)
    expect(refused?.body.code).toBe('rate_limited')
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(refused?.headers.get('ratelimit-limit')).toBe('3')
    expect(refused?.headers.get('ratelimit-remaining')).toBe('0')
    world.clock.advance({ seconds: 61 })
    expect((await limited.client.get('/few')).status).toBe(200)
    await limited.app.close()
  })

  it('429 per person where a route counts so, for as long as it says; others at the same address go on', async () => {
    const limited = await startApp(
      (app) =>
        void app.get(
          '/rare',
          { config: { policy: signedIn, ...perPerson(2, 3_600) }, schema: { response } },
          async () => ({}),
        ),
      { rateLimits: true },
    )
    const { accessToken } = await makePerson(world.deps)
    const asOne = () => limited.client.as(accessToken).get('/rare')
    const asOther = () => limited.client.as(bearer).get('/rare')
    expect([await asOne(), await asOne(), await asOne()].map(({ status }) => status)).toEqual([200, 200, 429])
    expect((await asOther()).status).toBe(200)
    world.clock.advance({ seconds: 61 })
    expect((await asOne()).status).toBe(429)
    await limited.app.close()
  })
})

describe('CORS', () => {
  it('lets the configured front ends in, with credentials, and no other', async () => {
    const { app, client } = await startApp(
      (app) => void app.get('/x', { config: { policy: anyone }, schema: { response } }, async () => ({})),
      {
        corsOrigins: ['https://school.example'],
      },
    )
    const from = (origin: string) => client.get('/x', { headers: { origin } })
    const allowed = (await from('https://school.example')).headers
    expect(allowed.get('access-control-allow-origin')).toBe('https://school.example')
    expect(allowed.get('access-control-allow-credentials')).toBe('true')
    const asked = { origin: 'https://school.example', 'access-control-request-method': 'PATCH' }
    const preflight = await fetch(new URL('/x', app.listeningOrigin), { method: 'OPTIONS', headers: asked })
    expect(preflight.headers.get('access-control-allow-methods')).toContain('PATCH')
    expect((await from('https://evil.example')).headers.get('access-control-allow-origin')).not.toBe(
      'https://evil.example',
    )
    await app.close()
  })
})

describe('every response', () => {
  it('carries the security headers', async () => {
    const { headers } = await client.get('/public')
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none';object-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'",
    )
    expect(Object.fromEntries(headers)).toMatchObject({
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'cross-origin',
      'origin-agent-cluster': '?1',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-dns-prefetch-control': 'off',
      'x-download-options': 'noopen',
      'x-frame-options': 'SAMEORIGIN',
      'x-permitted-cross-domain-policies': 'none',
      'x-xss-protection': '0',
    })
    expect(headers.get('x-powered-by')).toBeNull()
  })
  it('carries them, and its id, where it refuses the request before anything else', async () => {
    const encoded = { 'content-encoding': 'gzip', 'content-type': 'application/json' }
    const { status, headers, body } = await client.post('/echo', '{}', { headers: encoded })
    expect(status).toBe(415)
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'/)
    expect(headers.get('x-request-id')).toBe(body.requestId)
  })
  it('keeps browsers to TLS for a year, subdomains too, where the school is reached by it', async () => {
    const route = (app: App) =>
      void app.get('/x', { config: { policy: anyone }, schema: { response } }, async () => ({}))
    expect((await client.get('/public')).headers.get('strict-transport-security')).toBeNull()
    const secure = await startApp(route, { publicUrl: 'https://school.example' })
    const { headers } = await secure.client.get('/x')
    expect(headers.get('strict-transport-security')).toBe('max-age=31536000; includeSubDomains')
    await secure.app.close()
  })
  it('is kept by no cache where it is for somebody signed in alone, a refusal too', async () => {
    expect((await client.as(bearer).get('/private')).headers.get('cache-control')).toBe('no-store')
    expect((await client.get('/private')).headers.get('cache-control')).toBe('no-store')
  })
  it('leaves a line in the log: what, when, who and from where, and neither bearer nor query', async () => {
    const lines: string[] = []
    const log = pino(
      { base: null, timestamp: pino.stdTimeFunctions.isoTime },
      { write: (line: string) => void lines.push(line) },
    )
    const logged = await createHttp({ ...world.deps, log }, createAuthenticate(world.deps))
    logged.get('/x', { config: { policy: signedIn }, schema: { response } }, async () => ({}))
    const stranger = httpClient(await logged.listen({ host: '127.0.0.1', port: 0 }))
    const person = await makePerson(world.deps)
    const answer = await stranger.as(person.accessToken).get('/x')
    await stranger.get('/x?token=a-secret')
    await logged.close()
    const [seen, refused] = lines.filter((line) => line.includes('"request"')).map((line) => JSON.parse(line))
    expect(seen).toMatchObject({ route: '/x', status: 200, userId: person.id, address: '127.0.0.1' })
    expect(seen.requestId).toBe(answer.headers.get('x-request-id'))
    expect(seen.time).toMatch(/Z$/)
    expect(refused).toMatchObject({ status: 401, address: '127.0.0.1' })
    expect(lines.join()).not.toContain(person.accessToken)
    expect(lines.join()).not.toContain('a-secret')
  })
  it('calls an error what is a fault, not what is configured so or turned away', async () => {
    const lines: string[] = []
    const log = pino({ level: 'error' }, { write: (line: string) => void lines.push(line) })
    const logged = await createHttp({ ...world.deps, log }, createAuthenticate(world.deps))
    const absent = { status: 503, code: 'bell_not_configured', title: 'There is no bell.' }
    const failing = { '/absent': refuse(absent), '/busy': refuse(overloaded), '/fault': new Error('broke') }
    for (const [path, error] of Object.entries(failing))
      logged.get(path, { config: { policy: anyone }, schema: { response } }, () => Promise.reject(error))
    const stranger = httpClient(await logged.listen({ host: '127.0.0.1', port: 0 }))
    for (const path of Object.keys(failing)) await stranger.get(path)
    await logged.close()
    expect(lines.map((line) => JSON.parse(line).err.message)).toEqual(['broke'])
  })
})

it('closing, ends the connection of an answer that had begun, as soon as it is whole', async () => {
  const answer = new PassThrough()
  const { app } = await startApp((app) => {
    app.get('/long', { config: { policy: anyone }, schema: { response } }, async () => answer)
  })
  const { hostname, port } = new URL(app.listeningOrigin)
  const socket = connect(Number(port), hostname)
  const said = text(socket)
  socket.write('GET /long HTTP/1.1\r\nhost: localhost\r\n\r\n')
  answer.write('begun')
  await once(socket, 'readable')
  const closed = app.close()
  await expect.poll(() => app.server.listening).toBe(false)
  answer.end(' and ended')
  expect(await said).toMatch(/begun[\s\S]* and ended/)
  await closed
})
