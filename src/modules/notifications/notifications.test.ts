import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Client } from '../../../test/support/http.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { newId } from '../../platform/ids.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { makeNotice } from './factory.ts'

let world: World
let reader: Person
let me: Client
let other: Client
beforeAll(async () => {
  world = await createWorld()
  other = world.client.as((await makePerson(world.deps)).accessToken)
})
afterAll(() => world.close())
beforeEach(async () => {
  reader = await makePerson(world.deps)
  me = world.client.as(reader.accessToken)
})

const path = '/api/notifications'
const list = async (query = '') =>
  (await me.get(`${path}${query}`)).body.items as { id: string; title: string }[]
const count = async () => (await me.get(`${path}/unread-count`)).body.count
async function tell(titles: string[]) {
  for (const title of titles) await makeNotice(world.deps, [reader], { title })
}

describe('GET /notifications', () => {
  it('200: newest first, by pages that stay as they were when more come', async () => {
    await tell(['1', '2', '3', '4', '5'])
    const first = (await me.get(`${path}?limit=2`)).body
    expect(first.items[0]).toEqual({
      id: expect.any(String),
      kind: 'lesson_added',
      title: '5',
      body: 'Something new.',
      data: {},
      read: false,
      createdAt: world.clock.now().toISOString(),
    })
    await tell(['6'])
    const second = (await me.get(`${path}?limit=3&cursor=${first.nextCursor}`)).body
    expect(second.items.map(({ title }: { title: string }) => title)).toEqual(['3', '2', '1'])
    expect(second.nextCursor).toBeNull()
  })
  it('200: of a kind, unread or read', async () => {
    await tell(['a', 'b'])
    await makeNotice(world.deps, [reader], { kind: 'payment', title: 'c' })
    const [, b] = await list()
    await me.post(`${path}/${b?.id}/read`)
    expect((await list('?kind=payment')).map(({ title }) => title)).toEqual(['c'])
    expect((await list('?unread=true')).map(({ title }) => title)).toEqual(['c', 'a'])
    expect((await list('?unread=false&kind=lesson_added')).map(({ title }) => title)).toEqual(['b'])
  })
  it('one statement, however many there are', async () => {
    await tell(['a', 'b', 'c'])
    for (const asked of ['', '/unread-count', '/preferences']) {
      world.statements.length = 0
      await me.get(`${path}${asked}`)
      expect(world.statements, asked).toHaveLength(1)
    }
  })
  it.each(['?kind=gossip', '?unread=maybe', '?cursor=x', '?limit=0', '?all=1'])('400: %s', async (query) => {
    expect(await me.get(`${path}${query}`)).toMatchObject({
      status: 400,
      body: { code: 'validation_failed' },
    })
  })
  it('401 without a token', async () => {
    for (const asked of [path, `${path}/unread-count`, `${path}/preferences`])
      expect((await world.client.get(asked)).status).toBe(401)
  })
})

describe('POST /notifications/:id/read', () => {
  it('200: read, once for all, counted, and told to the other devices', async () => {
    await tell(['a', 'b'])
    const device = await world.connect(reader.accessToken)
    expect(await count()).toBe(2)
    const [{ id } = { id: '' }] = await list()
    const answer = await me.post(`${path}/${id}/read`)
    expect(answer).toMatchObject({ status: 200, body: { id, read: true } })
    expect(await device.next('notification:read')).toEqual({ ids: [id], unread: 1 })
    world.clock.advance({ seconds: 1 })
    expect((await me.post(`${path}/${id}/read`)).body).toEqual(answer.body)
    expect(await count()).toBe(1)
  })
  it('404 for another’s, as for none; 401; 400', async () => {
    await tell(['a'])
    const [{ id } = { id: '' }] = await list()
    const missing = await other.post(`${path}/${newId()}/read`)
    const foreign = await other.post(`${path}/${id}/read`)
    expect(foreign.status).toBe(404)
    expect({ ...foreign.body, requestId: '' }).toEqual({ ...missing.body, requestId: '' })
    expect((await world.client.post(`${path}/${id}/read`)).status).toBe(401)
    expect((await me.post(`${path}/x/read`)).status).toBe(400)
    expect(await count()).toBe(1)
  })
})

describe('POST /notifications/read-all', () => {
  it('200: all up to the one that was seen; what came after it stays unread', async () => {
    await tell(['a', 'b', 'c'])
    const device = await world.connect(reader.accessToken)
    const [, seen] = await list()
    const answer = await me.post(`${path}/read-all`, { upTo: seen?.id })
    expect(answer).toMatchObject({ status: 200, body: { count: 1 } })
    expect(await device.next('notification:read')).toEqual({ upTo: seen?.id, unread: 1 })
    expect((await list('?unread=true')).map(({ title }) => title)).toEqual(['c'])
    expect((await me.post(`${path}/read-all`)).body).toEqual({ count: 0 })
    expect(await count()).toBe(0)
  })
  it('200: nothing of anybody else’s', async () => {
    await tell(['a'])
    expect((await other.post(`${path}/read-all`, {})).status).toBe(200)
    expect(await count()).toBe(1)
  })
  it('400, 401', async () => {
    expect((await me.post(`${path}/read-all`, { upTo: 'x' })).status).toBe(400)
    expect((await me.post(`${path}/read-all`, { all: true })).status).toBe(400)
    expect((await world.client.post(`${path}/read-all`)).status).toBe(401)
  })
})

describe('a fact that is told again', () => {
  it('is told once: one row, one push, one mail', async () => {
    const device = await world.connect(reader.accessToken)
    const factId = newId()
    await Promise.all(['a', 'a', 'a'].map((title) => makeNotice(world.deps, [reader], { factId, title })))
    await makeNotice(world.deps, [reader], { factId, title: 'a' })
    await world.drain()
    await device.settled()
    expect(await list()).toHaveLength(1)
    expect(device.pushes.filter(({ name }) => name === 'notification')).toHaveLength(1)
    expect(world.mails.filter(({ to }) => to === reader.email)).toHaveLength(1)
  })
})
