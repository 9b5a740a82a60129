import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makePerson } from '../../src/modules/accounts/factory.ts'
import { makeCourse } from '../../src/modules/catalogue/factory.ts'
import { type OpenApi, readOperations } from '../../test/client/operations.ts'
import { createWorld, type World } from '../../test/support/world.ts'
import { type Client, createClient, LecternError, newKey } from '../src/index.ts'
import { manualClock } from './manual-clock.ts'
import { network } from './network.ts'
import { signedIn } from './signed-in.ts'

const world: World = {} as never
beforeAll(async () => void Object.assign(world, await createWorld()))
afterAll(() => world.close())

describe('methods', () => {
  const document: OpenApi = JSON.parse(readFileSync(join(import.meta.dirname, '../../openapi.json'), 'utf8'))
  const client = createClient({ baseUrl: 'http://lectern.test' }) as unknown as Record<
    string,
    Record<string, unknown>
  >
  it.each(
    readOperations(document).map(({ operationId, resource, name }) => ({ operationId, resource, name })),
  )('$operationId is client.$resource.$name', ({ resource, name }) =>
    expect(client[resource]?.[name]).toBeTypeOf('function'),
  )
})

describe('requests', () => {
  it('put path parameters, query and body where they belong', async () => {
    const owner = await makePerson(world.deps, { role: 'instructor' })
    const course = await makeCourse(world.deps, { owner, title: 'Weaving by hand' })
    const client = await signedIn(world, owner)
    const found = await client.courses.list({ q: 'weaving', tag: [], limit: 5 })
    expect(found.items.map(({ id }) => id)).toEqual([course.id])
    expect((await client.courses.get(course.id, { format: 'html' })).title).toBe('Weaving by hand')
    const [lessonId = ''] = course.lessonIds
    expect(await client.lessons.update(lessonId, { title: 'The loom' })).toMatchObject({ title: 'The loom' })
    const roster = await client.courses.listRosterCsv(course.id, { status: undefined })
    expect(roster).toBeTypeOf('string')
    expect(await client.lessons.delete(lessonId)).toBeUndefined()
  })

  it('take an If-Match', async () => {
    const owner = await makePerson(world.deps, { role: 'instructor' })
    const course = await makeCourse(world.deps, { owner })
    const client = await signedIn(world, owner)
    const { error } = await client.courses.update(course.id, { title: 'Late' }, { ifMatch: '"0"' }).safe()
    expect(error).toMatchObject({ status: 412, code: 'stale' })
  })

  it('send a small file as a form, and bring one back as it is', async () => {
    const client = await signedIn(world, await makePerson(world.deps))
    const media = await client.media.upload({
      file: new File(['What is said.'], 'a.txt', { type: 'text/plain' }),
    })
    expect(media).toMatchObject({ fileName: 'a.txt', bytes: 13, status: 'ready' })
    expect(await (await client.media.get(media.id)).text()).toBe('What is said.')
  })
})

describe('pages', () => {
  it('come one after another while they are asked for, and no further', async () => {
    const owner = await makePerson(world.deps, { role: 'instructor' })
    for (const title of ['One', 'Two', 'Three', 'Four', 'Five'])
      await makeCourse(world.deps, { owner, title, published: false })
    const net = network()
    const client = await signedIn(world, owner, { fetch: net.fetch })
    const titles: string[] = []
    for await (const { title } of client.courses.iterateMine({ limit: 2 })) titles.push(title)
    expect(titles).toEqual(['Five', 'Four', 'Three', 'Two', 'One'])
    expect(net.to('/api/courses/mine')).toHaveLength(3)
    for await (const _ of client.courses.iterateMine({ limit: 2 })) break
    expect(net.to('/api/courses/mine')).toHaveLength(4)
  })
})

describe('errors', () => {
  const client = () => createClient({ baseUrl: world.url, mode: 'native' })
  it('are thrown to those who await', async () => {
    const error = await client()
      .courses.get('there-is-no-such')
      .catch((error) => error)
    expect(error).toBeInstanceOf(LecternError)
    expect(error).toMatchObject({ name: 'LecternError', status: 404, code: 'not_found' })
    expect(error.requestId).toMatch(/^[0-9a-f-]{36}$/)
  })
  it('are values for those who ask safely, with the fields that were wrong', async () => {
    const { data, error } = await client()
      .auth.register({ email: 'no', password: 'a long password', name: 'A' })
      .safe()
    expect(data).toBeNull()
    expect(error).toMatchObject({ code: 'validation_failed', errors: [{ path: '/email' }] })
  })
  it.each([
    ['JSON', (client: Client) => client.courses.facets().safe()],
    ['a list', (client: Client) => client.courses.list().safe()],
    ['CSV', (client: Client) => client.analytics.getRevenueSeriesCsv().safe()],
    ['a file', (client: Client) => client.certificates.download(newKey()).safe()],
    ['nothing', (client: Client) => client.auth.verifyEmail({ token: newKey() }).safe()],
    ['a token', (client: Client) => client.auth.login({ email: 'a@example.org', password: 'long' }).safe()],
  ])('unexpected_answer: a page of somebody else, with 200, where %s should be', async (_, ask) => {
    const net = network()
    const client = createClient({ baseUrl: world.url, fetch: net.fetch })
    const page = { headers: { 'content-type': 'text/html; charset=utf-8' } }
    net.next(new Response('<html>Welcome to our Wi-Fi.', page))
    expect(await ask(client)).toMatchObject({ data: null, error: { code: 'unexpected_answer', status: 200 } })
    expect(client.session.user).toBeNull()
  })
  it('unexpected_answer: JSON of somebody else, whether it is to be a list or a token, and while one goes through pages', async () => {
    const net = network()
    const client = createClient({ baseUrl: world.url, fetch: net.fetch })
    const ask = [
      () => client.courses.list(),
      () => client.courses.iterate().next(),
      () => client.auth.login({ email: 'a@example.org', password: 'long' }),
    ]
    for (const one of ask) {
      net.next(Response.json({}))
      await expect(one()).rejects.toMatchObject({ name: 'LecternError', code: 'unexpected_answer' })
    }
    net.next(Response.json({ code: 'ECONNREFUSED', message: 'no upstream' }, { status: 500 }))
    expect((await client.courses.facets().safe()).error).toMatchObject({
      code: 'unexpected_answer',
      status: 500,
    })
  })
  it('device_failed: the keychain, or the library of the identity provider, throws', async () => {
    const cause = new Error('The keychain is locked.')
    const client = createClient({ baseUrl: world.url, bearer: () => Promise.reject(cause) })
    expect((await client.users.getMe().safe()).error).toMatchObject({ code: 'device_failed', cause })
  })
  it('unexpected_answer: what answers is no Lectern', async () => {
    const net = network()
    net.next(
      new Response('<html>', { status: 404 }),
      new Response('{', { headers: { 'content-type': 'application/json' } }),
    )
    const client = createClient({ baseUrl: world.url, fetch: net.fetch })
    expect((await client.courses.facets().safe()).error).toMatchObject({
      code: 'unexpected_answer',
      status: 404,
    })
    expect((await client.courses.facets().safe()).error).toMatchObject({ code: 'unexpected_answer' })
  })
  it('network_failed, timed_out and aborted: no answer came', async () => {
    const net = network()
    const clock = manualClock(0)
    const client = createClient({ baseUrl: world.url, fetch: net.fetch, clock })
    net.next('never sent', 'silence', 'silence')
    expect((await client.courses.list({}, { retries: 0 }).safe()).error).toMatchObject({
      code: 'network_failed',
      status: 0,
    })
    const slow = client.courses.list({}, { retries: 0, timeoutMs: 5_000 }).safe()
    await settled(() => clock.waiting.length === 1)
    clock.advance(5)
    expect((await slow).error).toMatchObject({ code: 'timed_out' })
    const control = new AbortController()
    const given = client.courses.list({}, { signal: control.signal }).safe()
    await settled(() => net.sent.length === 3)
    control.abort()
    expect((await given).error).toMatchObject({ code: 'aborted' })
  })
})

describe('tries again', () => {
  it('what may be repeated, under one key, and so it is done once', async () => {
    const { id: courseId } = await makeCourse(world.deps)
    const net = network()
    const clock = manualClock(Date.now())
    const client = await signedIn(world, await makePerson(world.deps), { fetch: net.fetch, clock })
    net.next('answer lost', 'never sent')
    const enrolling = client.enrollments.create({ courseId })
    for (const times of [1, 2]) {
      await settled(
        () => net.to('/api/enrollments').length === times && clock.waiting.some((ms) => ms < 2_000),
      )
      clock.advance(2)
    }
    expect((await enrolling).status).toBe('active')
    const keys = net.to('/api/enrollments').map(({ headers }) => headers.get('idempotency-key'))
    expect(keys).toHaveLength(3)
    expect(new Set(keys).size).toBe(1)
  })

  it('what is to be deleted: found gone the second time, it was done the first', async () => {
    const owner = await makePerson(world.deps, { role: 'instructor' })
    const course = await makeCourse(world.deps, { owner, published: false })
    const net = network()
    const client = await signedIn(world, owner, { fetch: net.fetch })
    const [lessonId = ''] = course.lessonIds
    net.next('answer lost')
    expect(await client.lessons.delete(lessonId).safe()).toEqual({ data: undefined, error: null })
    expect(net.sent.filter(({ method }) => method === 'DELETE')).toHaveLength(2)
    expect((await client.lessons.delete(lessonId).safe()).error).toMatchObject({ code: 'not_found' })
  })

  it('not as somebody else who has signed in meanwhile', async () => {
    const { id: courseId } = await makeCourse(world.deps)
    const [asha, ben] = [await makePerson(world.deps), await makePerson(world.deps)]
    const net = network()
    const clock = manualClock(Date.now())
    const client = await signedIn(world, asha, { fetch: net.fetch, clock })
    net.next('never sent')
    const enrolling = client.enrollments.create({ courseId }).safe()
    await settled(() => clock.waiting.some((ms) => ms < 2_000))
    await client.auth.login({ email: ben.email, password: ben.password })
    clock.advance(2)
    expect((await enrolling).error).toMatchObject({ code: 'network_failed' })
    expect(net.to('/api/enrollments')).toHaveLength(1)
    expect((await client.enrollments.listMine()).items).toEqual([])
  })

  it('not what is changed only as it was read, which would be refused because of itself', async () => {
    const owner = await makePerson(world.deps, { role: 'instructor' })
    const course = await makeCourse(world.deps, { owner })
    const net = network()
    const client = await signedIn(world, owner, { fetch: net.fetch })
    const { version } = await client.courses.get(course.id)
    net.next('answer lost')
    const { error } = await client.courses
      .replace(course.id, { title: 'Weaving', price: null }, { ifMatch: `"${version}"` })
      .safe()
    expect(error).toMatchObject({ code: 'network_failed' })
    expect(net.sent.filter(({ method }) => method === 'PUT')).toHaveLength(1)
  })

  it('in a program of Node.js, which does not end while it waits, and does not wait for the next renewal', async () => {
    const { refreshToken } = await makePerson(world.deps)
    const program = `
      import { createClient } from ${JSON.stringify(import.meta.resolve('../src/index.ts'))}
      const lost = ['/api/courses']
      const client = createClient({
        baseUrl: ${JSON.stringify(world.url)},
        mode: 'native',
        storage: { get: () => ${JSON.stringify(refreshToken)}, set() {}, delete() {} },
        async fetch(url, init) {
          if (new URL(url).pathname === lost[0]) throw new TypeError('lost: ' + lost.shift())
          return fetch(url, init)
        },
      })
      const user = await client.session.restore()
      const { error } = await client.courses.list().safe()
      console.log(user.id ? 'signed in' : 'nobody', lost.length, error?.code ?? 'answered')`
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program])
    let said = ''
    child.stdout.on('data', (chunk) => (said += chunk))
    child.stderr.on('data', (chunk) => (said += chunk))
    const [code] = await once(child, 'close')
    expect([said.trim(), code]).toEqual(['signed in 0 answered', 0])
  })

  it('not what may not, nor for ever, nor where the server asks for more patience than one has', async () => {
    const net = network()
    const clock = manualClock(Date.now())
    const client = await signedIn(world, await makePerson(world.deps), { fetch: net.fetch, clock })
    net.next('answer lost')
    expect((await client.users.updateMe({ bio: 'Twice?' }).safe()).error).toMatchObject({
      code: 'network_failed',
    })
    const before = net.sent.length
    net.next(...Array.from({ length: 3 }, () => busy(7)))
    const listing = client.courses.list().safe()
    for (const times of [1, 2]) {
      await settled(() => net.sent.length === before + times && clock.waiting.some((ms) => ms === 7_000))
      clock.advance(7)
    }
    expect((await listing).error).toMatchObject({ status: 503, code: 'overloaded', retryAfterSeconds: 7 })
    net.next(busy(600))
    expect((await client.courses.list().safe()).error).toMatchObject({ retryAfterSeconds: 600 })
  })
})

const busy = (seconds: number) =>
  new Response(
    JSON.stringify({ code: 'overloaded', title: 'Busy', status: 503, detail: '', type: '', requestId: 'r' }),
    {
      status: 503,
      headers: { 'content-type': 'application/problem+json', 'retry-after': String(seconds) },
    },
  )

async function settled(fulfilled: () => boolean): Promise<void> {
  await expect.poll(fulfilled).toBe(true)
}
