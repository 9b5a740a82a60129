import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Client } from '../../../test/support/http.ts'
import { httpClient } from '../../../test/support/http.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { buildApp } from '../../app.ts'
import { makePerson } from '../../modules/accounts/factory.ts'
import { createMemoryCache } from '../cache/memory.ts'
import { networkOf } from './rate-limits.ts'

let world: World
let instructor: Client
beforeAll(async () => {
  world = await createWorld()
  instructor = world.client.as((await makePerson(world.deps, { role: 'instructor' })).accessToken)
})
afterAll(() => world.close())

const problem = { type: 'about:blank', code: expect.any(String), requestId: expect.any(String) }

async function raw(request: string): Promise<string> {
  const socket = connect(Number(new URL(world.url).port), '127.0.0.1')
  await once(socket, 'connect')
  socket.end(request)
  return text(socket)
}

describe('what is hardly a request at all is answered by a problem document, too', () => {
  it.each([
    ['a path with a broken escape', '/api/users/%zz', 400],
    ['a parameter that is far too long', `/api/users/${'x'.repeat(300)}`, 400],
  ])('%s', async (_title, path, status) => {
    const answer = await world.client.get(path)
    expect(answer).toMatchObject({ status, body: problem })
    expect(answer.headers.get('x-request-id')).toBe(answer.body.requestId)
  })

  it.each([
    ['bytes that are not HTTP', 'what is this\r\n\r\n', 400],
    [
      'a body with two lengths',
      'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['TRACE', 'TRACE / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n', 404],
    ['headers of 20 kB', `GET / HTTP/1.1\r\nhost: x\r\nx-long: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  ])('%s', async (_title, request, status) => {
    const answer = await raw(request)
    expect(answer).toContain(`HTTP/1.1 ${status}`)
    expect(JSON.parse(answer.slice(answer.indexOf('{')))).toMatchObject({ ...problem, status })
  })

  it('an OPTIONS that is no preflight', async () => {
    const answer = await fetch(new URL('/api/courses', world.url), { method: 'OPTIONS' })
    expect(answer.status).toBeLessThan(500)
    expect(await answer.text()).not.toContain('Invalid Preflight')
  })
})

describe('bodies', () => {
  it('an empty one counts as none, whatever its type says', async () => {
    const json = { headers: { 'content-type': 'application/json' } }
    expect(await world.client.post('/api/auth/refresh', '', json)).toMatchObject({ status: 401 })
  })
  it.each([
    ['text/plain', { 'content-type': 'text/plain' }],
    ['compressed', { 'content-type': 'application/json', 'content-encoding': 'gzip' }],
    ['UTF-16', { 'content-type': 'application/json; charset=utf-16' }],
  ])('415 unsupported_media_type: %s', async (_title, headers) => {
    const answer = await world.client.post('/api/auth/login', '{}', { headers })
    expect(answer).toMatchObject({ status: 415, body: { code: 'unsupported_media_type' } })
  })

  it.each([
    ['U+0000', 'a\u0000b'],
    ['half a surrogate pair', 'a\ud800b'],
  ])('400 naming the field: %s in a text, at whatever depth, and nothing is written', async (_title, bad) => {
    const title = await instructor.post('/api/courses', { title: bad })
    expect(title).toMatchObject({ status: 400, body: { errors: [{ path: '/title' }] } })
    const tag = await instructor.post('/api/courses', { title: 'Fine', tags: ['fine', bad] })
    expect(tag).toMatchObject({ status: 400, body: { errors: [{ path: '/tags/1' }] } })
    expect((await instructor.get('/api/courses/mine')).body.items).toEqual([])
  })

  it.each([
    ['3,000', 3_000, 100, /; and 2902 more$/],
    ['20,000', 20_000, 1, /is required$/],
  ])(
    '400: of %s unknown fields it names so many that the answer is small',
    async (_title, count, listed, said) => {
      const unknown = Object.fromEntries(Array.from({ length: count }, (_, at) => [`x${at}`, 1]))
      const { status, body } = await world.client.post('/api/auth/login', unknown)
      expect({ status, code: body.code, listed: body.errors.length }).toEqual({
        status: 400,
        code: 'validation_failed',
        listed,
      })
      expect(body.detail).toMatch(said)
      expect(JSON.stringify(body).length).toBeLessThan(20_000)
    },
  )
  it('400: a name of any length is not said back whole', async () => {
    const { status, body } = await world.client.post('/api/auth/login', { ['x'.repeat(200_000)]: 1 })
    expect({ status, errors: body.errors.length }).toEqual({ status: 400, errors: 3 })
    expect(JSON.stringify(body).length).toBeLessThan(2_000)
  })
  it.each([
    ['lists', '['.repeat(100_000) + ']'.repeat(100_000)],
    ['objects', `${'{"pipe":'.repeat(20_000)}1${'}'.repeat(20_000)}`],
  ])('400: %s nested without end', async (_title, body) => {
    const json = { headers: { 'content-type': 'application/json' } }
    expect(await world.client.post('/api/auth/login', body, json)).toMatchObject({
      status: 400,
      body: { code: 'validation_failed' },
    })
  })
  it('413: more than 256 kB, where the route does not take more', async () => {
    const text = 'é'.repeat(150_000)
    const login = await world.client.post('/api/auth/login', { email: text, password: 'x' })
    expect(login).toMatchObject({ status: 413, body: { code: 'payload_too_large' } })
    const course = await instructor.post('/api/courses', { title: 'Long', description: text })
    expect(course.status).toBe(201)
    await instructor.delete(`/api/courses/${course.body.id}`)
  })
  it('400: a query of 3,000 unknown names', async () => {
    const names = Array.from({ length: 3_000 }, (_, at) => at.toString(36)).join('&')
    const { status, body } = await world.client.get(`/api/courses?${names}`)
    expect(status).toBe(400)
    expect(body.errors.length).toBeLessThanOrEqual(100)
  })

  it('of any shape end in a 4xx and an unchanged database, never in a 500', { timeout: 60_000 }, async () => {
    const paths = [
      '/api/auth/register',
      '/api/auth/login',
      '/api/courses',
      '/api/sections',
      '/api/lessons',
      '/api/enrollments',
      '/api/progress/lesson',
    ]
    const written = async () =>
      (
        await world.database.pool.query(
          'select (select count(*) from users) users, (select count(*) from courses) courses',
        )
      ).rows
    const before = await written()
    const field = fc.constantFrom(
      'email',
      'password',
      'name',
      'title',
      'courseId',
      'sectionId',
      'lessonId',
      '__proto__',
      'constructor',
      'x',
    )
    const body = fc.oneof(fc.jsonValue(), fc.dictionary(field, fc.jsonValue()))
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), body, async (path, value) => {
        const { status } = await instructor.post(path, JSON.stringify(value), {
          headers: { 'content-type': 'application/json' },
        })
        expect({ path, status, bad: status < 400 || status >= 500 }).toEqual({ path, status, bad: false })
      }),
      { numRuns: 300 },
    )
    expect(await written()).toEqual(before)
  })
})

describe('while the counters of the limits cannot be reached', () => {
  it('a bearer that is not valid is still a 401', async () => {
    const away = {
      ...createMemoryCache({ clock: world.clock, maxEntries: 1 }),
      increment: () => Promise.reject(new Error('away')),
    }
    const app = await buildApp({ ...world.deps, cache: away })
    const client = httpClient(await app.listen({ host: '127.0.0.1', port: 0 }))
    expect((await client.as('a.b.c').get('/api/users/me')).status).toBe(401)
    await app.close()
  })
})

describe('while the database cannot be had', () => {
  it('503 overloaded with Retry-After, and nothing of why', async () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' })
    const transact = () => Promise.reject(refused)
    const app = await buildApp({ ...world.deps, transact })
    const client = httpClient(await app.listen({ host: '127.0.0.1', port: 0 }))
    const answer = await client.post('/api/auth/register', {
      email: 'x@example.org',
      password: 'a long password',
      name: 'X',
    })
    expect(answer).toMatchObject({ status: 503, body: { code: 'overloaded' } })
    expect(answer.headers.get('retry-after')).toBe('1')
    expect(JSON.stringify(answer.body)).not.toContain('5432')
    await app.close()
  })
})

describe('a race that was lost three times over', () => {
  it.each(['40P01', '40001'])('503 overloaded with Retry-After: %s', async (code) => {
    const lost = Object.assign(new pg.DatabaseError('a lost race', 0, 'error'), { code })
    const app = await buildApp({ ...world.deps, transact: () => Promise.reject(lost) })
    const client = httpClient(await app.listen({ host: '127.0.0.1', port: 0 }))
    const person = { email: 'y@example.org', password: 'a long password', name: 'Y' }
    const answer = await client.post('/api/auth/register', person)
    expect(answer).toMatchObject({ status: 503, body: { code: 'overloaded' } })
    expect(answer.headers.get('retry-after')).toBe('1')
    await app.close()
  })
})

describe('an address in the limits', () => {
  it.each([
    ['203.0.113.9', '203.0.113.9'],
    ['::ffff:203.0.113.9', '::ffff:203.0.113.9'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
  ])('%s counts as %s', (address, network) => {
    expect(networkOf(address)).toBe(network)
  })
})
