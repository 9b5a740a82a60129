import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Client } from '../../../test/support/http.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { newId } from '../../platform/ids.ts'
import { makePerson } from '../accounts/factory.ts'

let world: World
let admin: Client
let adminId: string
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())
beforeEach(async () => {
  await world.database.pool.query('delete from webhook_endpoints')
  await signIn()
})

/** Tokens end when the clock is moved. */
async function signIn() {
  const person = await makePerson(world.deps, { role: 'admin' })
  admin = world.client.as(person.accessToken)
  adminId = person.id
}

const path = '/api/admin/webhooks'
const url = 'https://crm.example.org/lectern'
const make = (more: object = {}) => admin.post(path, { url, events: ['*'], ...more })
const count = async () =>
  Number((await world.database.pool.query('select count(*) from webhook_endpoints')).rows[0].count)

describe('POST /admin/webhooks', () => {
  it('201: with a secret of the standard’s form, which is shown this once', async () => {
    const { status, body } = await make({ events: ['payment.*', 'course.published'], description: 'CRM' })
    expect(status).toBe(201)
    const at = world.clock.now().toISOString()
    const shown = {
      id: expect.any(String),
      url,
      events: ['payment.*', 'course.published'],
      description: 'CRM',
      enabled: true,
      createdAt: at,
      updatedAt: at,
    }
    expect(body).toEqual({ ...shown, secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/) })
    expect((await admin.get(`${path}/${body.id}`)).body).toEqual(shown)
    expect((await admin.get(path)).body).toEqual({ items: [shown], nextCursor: null })
  })

  it('201: with a secret of one’s own, of which nothing is readable in the database', async () => {
    const secret = 'a secret that is mine'.replaceAll(' ', '-')
    const { status, body } = await make({ secret })
    expect({ status, secret: body.secret }).toEqual({ status: 201, secret })
    const { rows } = await world.database.pool.query(
      'select webhook_endpoints::text as row from webhook_endpoints',
    )
    expect(rows[0].row).not.toContain(Buffer.from(secret).toString('hex'))
  })

  it('states the fact: where to and what of, but no secret, and of the address no more than the host', async () => {
    const { body } = await make()
    const { rows } = await world.database.pool.query(
      "select user_id, payload from events where type = 'webhook.created' order by id desc limit 1",
    )
    expect(rows).toEqual([
      { user_id: adminId, payload: { endpointId: body.id, host: new URL(url).host, events: ['*'] } },
    ])
  })

  it('400: names the events that there are not, and those that never leave', async () => {
    const events = ['payment.captured', 'payment.imagined', 'message.waiting', 'session.*']
    const { status, body } = await make({ events })
    expect(status).toBe(400)
    expect(body.errors).toEqual([
      { path: '/events/1', message: '"payment.imagined" is no event that leaves' },
      { path: '/events/2', message: '"message.waiting" is no event that leaves' },
      { path: '/events/3', message: '"session.*" is no event that leaves' },
    ])
    expect(body.detail).toContain('payment.captured')
  })

  it.each([
    ['/url', { url: 'https://10.0.0.1/' }],
    ['/url', { url: 'https://0x7f.1/' }],
    ['/url', { url: 'https://localhost/' }],
    ['/url', { url: 'https://me:secret@example.org/' }],
    ['/url', { url: 'ftp://example.org/' }],
    ['/url', { url: 'not an address' }],
    ['/url', { url: '' }],
    ['/url', { url: undefined }],
    ['/url', { url: `https://example.org/${'x'.repeat(2_000)}` }],
    ['/events', { events: [] }],
    ['/events', { events: undefined }],
    ['/events', { events: ['*', '*'] }],
    ['/events/0', { events: ['*.*'] }],
    ['/secret', { secret: 'short' }],
    ['/secret', { secret: 'whsec_c2hvcnQ=' }],
    ['/secret', { secret: 'with a blank in it' }],
    ['/description', { description: 'x'.repeat(501) }],
    ['/enabled', { enabled: true }],
  ])('400: names %s, and changes nothing (%#)', async (field, more) => {
    const { status, body } = await make(more)
    expect(status).toBe(400)
    expect(body).toMatchObject({ code: 'validation_failed', errors: [{ path: field }] })
    expect(await count()).toBe(0)
  })

  it('409 webhook_limit: twenty, however many ask at once', async () => {
    const answers = await Promise.all(Array.from({ length: 25 }, () => make()))
    const statuses = answers.map(({ status }) => status).sort()
    expect(statuses).toEqual([...Array(20).fill(201), ...Array(5).fill(409)])
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe('webhook_limit')
    expect(await count()).toBe(20)
  })

  it('401, 403: for nobody else than admins', async () => {
    expect((await world.client.post(path, { url, events: ['*'] })).status).toBe(401)
    const { accessToken } = await makePerson(world.deps, { role: 'instructor' })
    expect((await world.client.as(accessToken).post(path, { url, events: ['*'] })).status).toBe(403)
  })
})

describe('where webhooks may go', () => {
  it.each([
    ['production', {}, 'http://example.org/', 400],
    ['production', {}, 'https://example.org/', 201],
    ['production', {}, 'https://127.0.0.1/', 400],
    [
      'production, WEBHOOKS_ALLOW_PRIVATE=on',
      { allowPrivate: true, allowHttp: true },
      'http://10.0.0.1/',
      201,
    ],
  ])('%s %j: %s is answered with %i', async (_where, more, to, status) => {
    const production = { allowPrivate: false, allowHttp: false, ...more }
    const before = world.deps.config.webhooks
    Object.assign(world.deps.config, { webhooks: production })
    expect((await make({ url: to })).status).toBe(status)
    Object.assign(world.deps.config, { webhooks: before })
  })
})

describe('GET /admin/webhooks', () => {
  it('200: newest first, by pages, in one statement', async () => {
    const ids = []
    for (let n = 0; n < 3; n++) ids.unshift((await make()).body.id)
    world.statements.length = 0
    const first = (await admin.get(`${path}?limit=2`)).body
    expect(world.statements).toHaveLength(1)
    expect(first.items.map(({ id }: { id: string }) => id)).toEqual(ids.slice(0, 2))
    const second = (await admin.get(`${path}?limit=2&cursor=${first.nextCursor}`)).body
    expect(second).toMatchObject({ items: [{ id: ids[2] }], nextCursor: null })
  })

  it('404: one that is not there; 400: an id that is none, a cursor of another list', async () => {
    expect((await admin.get(`${path}/${newId()}`)).status).toBe(404)
    expect((await admin.get(`${path}/x`)).status).toBe(400)
    expect((await admin.get(`${path}?cursor=x`)).status).toBe(400)
  })
})

describe('PATCH /admin/webhooks/:id', () => {
  it('200: changes what is said, and leaves the rest', async () => {
    const { id } = (await make({ description: 'CRM' })).body
    const change = { url: 'https://other.example.org/', events: ['enrollment.*'] }
    expect(await admin.patch(`${path}/${id}`, change)).toMatchObject({
      status: 200,
      body: { ...change, description: 'CRM', enabled: true },
    })
    const { body } = await admin.patch(`${path}/${id}`, { description: null })
    expect(body).not.toHaveProperty('description')
    expect(body).not.toHaveProperty('secret')
  })

  it('200: disables with the reason, and enables', async () => {
    const { id } = (await make()).body
    const at = world.clock.now().toISOString()
    expect((await admin.patch(`${path}/${id}`, { enabled: false })).body).toMatchObject({
      enabled: false,
      disabledReason: 'admin',
      disabledAt: at,
    })
    const { body } = await admin.patch(`${path}/${id}`, { enabled: true })
    expect(body.enabled).toBe(true)
    expect(body).not.toHaveProperty('disabledReason')
  })

  it.each([
    [{ url: 'https://192.168.0.1/' }, '/url'],
    [{ events: ['bogus.*'] }, '/events/0'],
    [{ secret: 'another secret' }, '/secret'],
    [{}, ''],
  ])('400: %j', async (change, field) => {
    const { id } = (await make()).body
    const before = (await admin.get(`${path}/${id}`)).body
    expect(await admin.patch(`${path}/${id}`, change)).toMatchObject({
      status: 400,
      body: { errors: [{ path: field }] },
    })
    expect((await admin.get(`${path}/${id}`)).body).toEqual(before)
  })

  it('404: one that is not there', async () =>
    expect((await admin.patch(`${path}/${newId()}`, { enabled: false })).status).toBe(404))
})

describe('DELETE /admin/webhooks/:id', () => {
  it('204, then 404: with its log', async () => {
    const { id } = (await make()).body
    await admin.post(`${path}/${id}/test`)
    expect((await admin.delete(`${path}/${id}`)).status).toBe(204)
    expect((await admin.delete(`${path}/${id}`)).status).toBe(404)
    await world.drain()
    const { rows } = await world.database.pool.query('select 1 from webhook_deliveries')
    expect(rows).toEqual([])
  })
})

describe('POST /admin/webhooks/:id/rotate-secret', () => {
  it('200: another secret, or the one that is given; the one before signs for a day', async () => {
    const { id, secret } = (await make()).body
    const { status, body } = await admin.post(`${path}/${id}/rotate-secret`)
    expect(status).toBe(200)
    expect(body.secret).toMatch(/^whsec_/)
    expect(body.secret).not.toBe(secret)
    expect(body.oldSecretUntil).toBe(new Date(world.clock.now().getTime() + 86_400_000).toISOString())
    expect((await admin.post(`${path}/${id}/rotate-secret`, { secret: 'of-my-own' })).body.secret).toBe(
      'of-my-own',
    )
    world.clock.advance({ days: 1 })
    await signIn()
    expect((await admin.get(`${path}/${id}`)).body).not.toHaveProperty('oldSecretUntil')
  })

  it('400: a secret that is none; 404: for a webhook that is not there', async () => {
    const { id } = (await make()).body
    expect((await admin.post(`${path}/${id}/rotate-secret`, { secret: 'short' })).status).toBe(400)
    expect((await admin.post(`${path}/${newId()}/rotate-secret`)).status).toBe(404)
  })
})
