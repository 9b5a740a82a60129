import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Client } from '../../../test/support/http.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { newId } from '../../platform/ids.ts'
import { makePerson } from '../accounts/factory.ts'

let world: World
let admin: Client
let instructor: Client
beforeAll(async () => {
  world = await createWorld()
  admin = world.client.as((await makePerson(world.deps, { role: 'admin' })).accessToken)
  instructor = world.client.as((await makePerson(world.deps, { role: 'instructor' })).accessToken)
})
afterAll(() => world.close())

async function makeCategory(name: string, parentId?: string): Promise<{ id: string; slug: string }> {
  const { status, body } = await admin.post('/api/categories', { name, ...(parentId ? { parentId } : {}) })
  expect(status).toBe(201)
  return body
}

describe('POST /categories', () => {
  it('201: a slug is made of the name, numbered where it is taken', async () => {
    const first = await admin.post('/api/categories', { name: ' Web design ' })
    expect(first).toMatchObject({ status: 201, body: { name: 'Web design', slug: 'web-design' } })
    const child = await admin.post('/api/categories', { name: 'Web Design', parentId: first.body.id })
    expect(child.body).toMatchObject({ slug: 'web-design-2', parentId: first.body.id })
  })
  it('409 slug_taken: for a slug that is asked for', async () => {
    await admin.post('/api/categories', { name: 'Music', slug: 'music' })
    const again = await admin.post('/api/categories', { name: 'More music', slug: 'music' })
    expect(again).toMatchObject({ status: 409, body: { code: 'slug_taken' } })
  })
  it.each([
    [{ name: ' ' }, '/name'],
    [{ name: 'X', slug: 'Not A Slug' }, '/slug'],
    [{ name: 'X', parentId: newId() }, '/parentId'],
    [{ name: 'X', parent: 'y' }, '/parent'],
  ])('400: %j is named as %s', async (body, path) => {
    const answer = await admin.post('/api/categories', body)
    expect(answer).toMatchObject({ status: 400, body: { code: 'validation_failed', errors: [{ path }] } })
  })
  it('401 and 403: for admins only', async () => {
    expect((await world.client.post('/api/categories', { name: 'X' })).status).toBe(401)
    expect((await instructor.post('/api/categories', { name: 'X' })).status).toBe(403)
  })
})

describe('GET /categories', () => {
  it('200: everybody, by name, page by page', async () => {
    await makeCategory('Zoology')
    await makeCategory('astronomy')
    const names: string[] = []
    let cursor = ''
    do {
      const { status, body } = await world.client.get(`/api/categories?limit=2${cursor}`)
      expect(status).toBe(200)
      names.push(...body.items.map((item: { name: string }) => item.name))
      cursor = body.nextCursor ? `&cursor=${body.nextCursor}` : ''
    } while (cursor)
    expect(names).toContain('Zoology')
    expect(new Set(names).size).toBeGreaterThan(2)
    expect(names.map((name) => name.toLowerCase())).toEqual(
      names.map((name) => name.toLowerCase()).toSorted(),
    )
  })
  it.each(['nonsense', Buffer.from('[1,2]').toString('base64url')])('400: cursor %s', async (cursor) => {
    const answer = await world.client.get(`/api/categories?cursor=${cursor}`)
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: '/cursor' }] } })
  })
  it('304: for a client that has it', async () => {
    const { headers } = await world.client.get('/api/categories')
    const again = await world.client.get('/api/categories', {
      headers: { 'if-none-match': headers.get('etag') ?? '' },
    })
    expect(again.status).toBe(304)
  })
})

describe('PATCH /categories/:id', () => {
  it('200: renames and moves, the slug stays', async () => {
    const parent = await makeCategory('Cooking')
    const child = await makeCategory('Backing', parent.id)
    const renamed = await admin.patch(`/api/categories/${child.id}`, { name: 'Baking' })
    expect(renamed).toMatchObject({
      status: 200,
      body: { name: 'Baking', slug: 'backing', parentId: parent.id },
    })
    const moved = await admin.patch(`/api/categories/${child.id}`, { parentId: null })
    expect(moved.body).not.toHaveProperty('parentId')
  })
  it('409 category_cycle: below itself, or below what is below it', async () => {
    const top = await makeCategory('Top')
    const middle = await makeCategory('Middle', top.id)
    const bottom = await makeCategory('Bottom', middle.id)
    for (const parentId of [top.id, middle.id, bottom.id]) {
      const answer = await admin.patch(`/api/categories/${top.id}`, { parentId })
      expect(answer).toMatchObject({ status: 409, body: { code: 'category_cycle' } })
    }
  })
  it('409 category_cycle: of two moves at once that would close a circle, one', async () => {
    for (let round = 0; round < 15; round++) {
      const a = await makeCategory(`Ring A${round}`)
      const b = await makeCategory(`Ring B${round}`)
      const answers = await Promise.all([
        admin.patch(`/api/categories/${a.id}`, { parentId: b.id }),
        admin.patch(`/api/categories/${b.id}`, { parentId: a.id }),
      ])
      expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409])
    }
  })
  it('409 slug_taken, 400 unknown parent, 404 unknown category, 403 for others', async () => {
    const { id } = await makeCategory('Taken once')
    await makeCategory('Taken twice')
    const change = (body: object, which = id) => admin.patch(`/api/categories/${which}`, body)
    expect((await change({ slug: 'taken-twice' })).body.code).toBe('slug_taken')
    expect(await change({ parentId: newId() })).toMatchObject({
      status: 400,
      body: { errors: [{ path: '/parentId' }] },
    })
    expect((await change({ name: 'X' }, newId())).status).toBe(404)
    expect((await instructor.patch(`/api/categories/${id}`, { name: 'X' })).status).toBe(403)
  })
})

describe('DELETE /categories/:id', () => {
  it('204, then 404', async () => {
    const { id } = await makeCategory('Gone')
    expect((await admin.delete(`/api/categories/${id}`)).status).toBe(204)
    expect((await admin.delete(`/api/categories/${id}`)).status).toBe(404)
  })
  it('409 category_in_use: by another category or by a draft', async () => {
    const parent = await makeCategory('Parent')
    const child = await makeCategory('Child', parent.id)
    await instructor.post('/api/courses', { title: 'In it', categoryId: child.id })
    for (const { id } of [parent, child]) {
      const answer = await admin.delete(`/api/categories/${id}`)
      expect(answer).toMatchObject({ status: 409, body: { code: 'category_in_use' } })
    }
  })
  it('401 and 403: for admins only', async () => {
    const { id } = await makeCategory('Kept')
    expect((await world.client.delete(`/api/categories/${id}`)).status).toBe(401)
    expect((await instructor.delete(`/api/categories/${id}`)).status).toBe(403)
  })
})
