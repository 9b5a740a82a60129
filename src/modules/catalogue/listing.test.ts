import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import { makePerson } from '../accounts/factory.ts'
import { makeCourse } from './factory.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

async function list(query: string): Promise<string[]> {
  const { status, body } = await world.client.get(`/api/courses?${query}`)
  expect(status).toBe(200)
  return body.items.map((item: { title: string }) => item.title)
}

describe('GET /courses', () => {
  it('200: published courses only, newest first, page by page, stable while one is published', async () => {
    for (const title of ['P1', 'P2', 'P3', 'P4']) {
      world.clock.advance({ minutes: 1 })
      await makeCourse(world.deps, { title, tags: ['paged'] })
    }
    await makeCourse(world.deps, { title: 'P5', published: false })
    const first = await world.client.get('/api/courses?limit=2')
    expect(first.body.items.map((item: { title: string }) => item.title)).toEqual(['P4', 'P3'])
    expect(first.body.items[0]).toMatchObject({ status: 'published', instructors: [{ role: 'lead' }] })
    expect(first.body.items[0]).not.toHaveProperty('description')
    world.clock.advance({ minutes: 1 })
    await makeCourse(world.deps, { title: 'P6' })
    expect(await list(`limit=2&cursor=${first.body.nextCursor}`)).toEqual(['P2', 'P1'])
  })
  it('200: courses published in one moment are neither skipped nor repeated', async () => {
    world.clock.advance({ minutes: 1 })
    for (let n = 0; n < 5; n++) await makeCourse(world.deps, { title: `Same ${n}` })
    const seen: string[] = []
    let cursor = ''
    do {
      const { body } = await world.client.get(`/api/courses?limit=2&q=same${cursor}`)
      seen.push(...body.items.map((item: { id: string }) => item.id))
      cursor = body.nextCursor ? `&cursor=${body.nextCursor}` : ''
    } while (cursor)
    expect(seen).toHaveLength(5)
    expect(new Set(seen).size).toBe(5)
  })
  it('200: a category includes those below it, by slug or id', async () => {
    const admin = world.client.as((await makePerson(world.deps, { role: 'admin' })).accessToken)
    const { body: top } = await admin.post('/api/categories', { name: 'Science' })
    const { body: sub } = await admin.post('/api/categories', { name: 'Physics', parentId: top.id })
    await makeCourse(world.deps, { title: 'Optics', categoryId: sub.id })
    expect(await list('category=science')).toEqual(['Optics'])
    expect(await list(`category=${top.id}`)).toEqual(['Optics'])
    expect(await list('category=physics')).toEqual(['Optics'])
    expect(await list('category=nowhere')).toEqual([])
  })
  it('200: level, language, free and words filter together', async () => {
    const price = { amount: 100, currency: 'USD' }
    await makeCourse(world.deps, { title: 'Chess openings', level: 'advanced', language: 'fr', price })
    await makeCourse(world.deps, { title: 'Chess 100%', subtitle: 'For every_one', level: 'beginner' })
    expect(await list('q=chess')).toEqual(['Chess 100%', 'Chess openings'])
    expect(await list('q=chess&free=true')).toEqual(['Chess 100%'])
    expect(await list('q=chess&free=false')).toEqual(['Chess openings'])
    expect(await list('level=advanced&language=fr')).toEqual(['Chess openings'])
    expect(await list('q=OPEN+ches')).toEqual(['Chess openings'])
    expect(await list('q=every_one')).toEqual(['Chess 100%'])
    expect(await list(`q=${encodeURIComponent('chess 100%')}`)).toEqual(['Chess 100%'])
    expect(await list('q=chess_openings')).toEqual(['Chess openings'])
  })
  it('200: filters mean the same for a list by relevance as for any other', async () => {
    const admin = world.client.as((await makePerson(world.deps, { role: 'admin' })).accessToken)
    const { body: top } = await admin.post('/api/categories', { name: 'Alike' })
    const { body: below } = await admin.post('/api/categories', { name: 'Alike below', parentId: top.id })
    const price = (amount: number, currency: string) => ({ price: { amount, currency } })
    const alike: Parameters<typeof makeCourse>[1][] = [
      { categoryId: top.id, level: 'beginner', language: 'fr', tags: ['One', 'two'] },
      { categoryId: below.id, level: 'advanced', language: 'pt-BR', tags: ['one'], ...price(100, 'USD') },
      { categoryId: below.id, language: 'fr', ...price(900, 'USD') },
      { level: 'beginner', tags: ['two'], ...price(500, 'EUR') },
      {},
    ]
    for (const [n, wish] of alike.entries()) await makeCourse(world.deps, { title: `Alike ${n}`, ...wish })
    const queries: [query: string, count: number][] = [
      ['', 5],
      ['category=alike', 3],
      [`category=${below.id}`, 2],
      ['category=nowhere', 0],
      ['level=beginner', 2],
      ['level=intermediate', 0],
      ['language=PT-br', 1],
      ['tag=ONE', 2],
      ['tag=one&tag=two', 1],
      ['tag=none', 0],
      ['free=true', 2],
      ['free=false', 3],
      ['currency=USD', 4],
      ['currency=USD&free=false', 2],
      ['currency=USD&maxPrice=100', 3],
      ['currency=USD&minPrice=101', 1],
      ['category=alike&level=beginner&language=fr&free=true&tag=one', 1],
    ]
    for (const [query, count] of queries) {
      const byRelevance = await list(`q=alike&${query}`)
      const inMemory = await list(`q=alike&sort=newest&${query}`)
      expect([query, inMemory.length, inMemory.toSorted()]).toEqual([query, count, byRelevance.toSorted()])
    }
  })
  it('200: in memory is what lists are made of: a new course is read once, and its card; words cost one', async () => {
    await list('limit=100')
    await makeCourse(world.deps, { title: 'Not shown yet' })
    world.statements.length = 0
    expect((await list('limit=100')).length).toBeGreaterThan(5)
    expect(world.statements).toHaveLength(2)
    // Its own changes a process hears twice.
    await vi.waitFor(async () => {
      world.statements.length = 0
      for (const sort of ['newest', 'popular', 'rating', 'price', 'price_desc'])
        expect((await list(`limit=99&sort=${sort}&free=true`)).length).toBeGreaterThan(5)
      expect(world.statements).toHaveLength(0)
    }, 5_000)
    // Who has which word is read aside.
    let questions = 0
    await vi.waitFor(async () => {
      world.statements.length = 0
      const q = `q=not+shown${'~'.repeat(++questions)}`
      for (const sort of ['newest', 'relevance'])
        expect(await list(`${q}&sort=${sort}`)).toEqual(['Not shown yet'])
      expect(world.statements).toHaveLength(1)
    })
  })
  it.each([
    ['limit=0', '/limit'],
    ['limit=101', '/limit'],
    ['level=expert', '/level'],
    ['free=perhaps', '/free'],
    ['colour=red', '/colour'],
    ['currency=ZZZ', '/currency'],
    ['currency=ZZZ&minPrice=5', '/currency'],
    ['cursor=e30', '/cursor'],
    [
      `cursor=${Buffer.from('[1e300,"019a3b5e-7c1d-7e2a-9f40-5b6c7d8e9f01"]').toString('base64url')}`,
      '/cursor',
    ],
  ])('400: %s is named as %s', async (query, path) => {
    const answer = await world.client.get(`/api/courses?${query}`)
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path }] } })
  })
})

describe('GET /courses/mine', () => {
  it('200: own courses, drafts too, newest first, by status', async () => {
    const owner = await makePerson(world.deps, { role: 'instructor' })
    const mine = world.client.as(owner.accessToken)
    await makeCourse(world.deps, { owner, title: 'First' })
    await makeCourse(world.deps, { owner, title: 'Second', published: false })
    await makeCourse(world.deps, { title: 'Of another' })
    const titles = async (query: string) =>
      (await mine.get(`/api/courses/mine${query}`)).body.items.map((item: { title: string }) => item.title)
    world.statements.length = 0
    expect(await titles('')).toEqual(['Second', 'First'])
    expect(world.statements).toHaveLength(1)
    expect(await titles('?status=draft')).toEqual(['Second'])
    expect(await titles('?status=archived')).toEqual([])
    const { body } = await mine.get('/api/courses/mine?limit=1')
    expect(await titles(`?cursor=${body.nextCursor}`)).toEqual(['First'])
  })
  it('401 and 403: for instructors and admins only; 400 for an unknown status', async () => {
    const student = world.client.as((await makePerson(world.deps)).accessToken)
    const admin = world.client.as((await makePerson(world.deps, { role: 'admin' })).accessToken)
    expect((await world.client.get('/api/courses/mine')).status).toBe(401)
    expect((await student.get('/api/courses/mine')).status).toBe(403)
    expect((await admin.get('/api/courses/mine')).body.items).toEqual([])
    expect((await admin.get('/api/courses/mine?status=lost')).status).toBe(400)
  })
})
