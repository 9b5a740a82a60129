import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import { makePerson } from '../accounts/factory.ts'
import { makeCourse } from './factory.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
  const admin = world.client.as((await makePerson(world.deps, { role: 'admin' })).accessToken)
  const category = async (name: string, parentId?: string) =>
    (await admin.post('/api/categories', { name, ...(parentId ? { parentId } : {}) })).body.id as string
  const science = await category('Science')
  const physics = await category('Physics', science)
  await category('Nothing in it')
  const price = { amount: 100, currency: 'USD' }
  const english = { language: 'en', tags: ['Lab'] }
  await makeCourse(world.deps, { title: 'Optics', categoryId: physics, level: 'beginner', ...english })
  await makeCourse(world.deps, { title: 'Waves', categoryId: physics, level: 'advanced', price, ...english })
  await makeCourse(world.deps, {
    title: 'Method',
    categoryId: science,
    language: 'fr',
    price,
    tags: ['lab', 'x'],
  })
  await makeCourse(world.deps, { title: 'Poems' })
  await makeCourse(world.deps, { title: 'Draft', published: false, level: 'beginner' })
})
afterAll(() => world.close())

async function facets(query: string) {
  const { status, body } = await world.client.get(`/api/courses/facets?${query}`)
  expect(status).toBe(200)
  const counts = (list: { value: string; count: number }[]) =>
    Object.fromEntries(list.map(({ value, count }) => [value, count]))
  return {
    total: body.total,
    categories: Object.fromEntries(
      body.categories.map((one: { slug: string; count: number }) => [one.slug, one.count]),
    ),
    levels: counts(body.levels),
    languages: counts(body.languages),
    tags: counts(body.tags),
    prices: counts(body.prices),
  }
}

describe('GET /courses/facets', () => {
  it('200: everything published, a category with what is below it; the courses and the categories are read once', async () => {
    world.statements.length = 0
    expect(await facets('')).toEqual({
      total: 4,
      categories: { science: 3, physics: 2 },
      levels: { beginner: 1, advanced: 1 },
      languages: { en: 2, fr: 1 },
      tags: { lab: 3, x: 1 },
      prices: { free: 2, paid: 2 },
    })
    expect(world.statements).toHaveLength(2)
  })
  it('200: each kind with the other filters applied, but not its own', async () => {
    expect(await facets('level=beginner&tag=LAB')).toEqual({
      total: 1,
      categories: { science: 1, physics: 1 },
      levels: { beginner: 1, advanced: 1 },
      languages: { en: 1 },
      tags: { lab: 1 },
      prices: { free: 1, paid: 0 },
    })
    expect(await facets('free=false&category=physics')).toMatchObject({
      total: 1,
      categories: { science: 2, physics: 1 },
      prices: { free: 1, paid: 1 },
      levels: { advanced: 1 },
    })
  })
  it('200: of a search, misspelled too; nothing found counts nothing', async () => {
    expect(await facets('q=optcis')).toMatchObject({ total: 1, categories: { science: 1, physics: 1 } })
    expect(await facets('q=zzyzx')).toEqual({
      total: 0,
      categories: {},
      levels: {},
      languages: {},
      tags: {},
      prices: { free: 0, paid: 0 },
    })
  })
  it('200: a language has one name, however it is written and asked for', async () => {
    const owner = await makePerson(world.deps, { role: 'instructor' })
    const { id } = await makeCourse(world.deps, { owner, title: 'Fado' })
    const mine = world.client.as(owner.accessToken)
    const { body } = await mine.patch(`/api/courses/${id}`, { language: 'PT-br', tags: ['Lisboa', 'LISBOA'] })
    expect(body).toMatchObject({ language: 'pt-BR', tags: ['Lisboa'] })
    for (const language of ['pt-BR', 'pt-br', 'PT-BR']) {
      expect(await facets(`language=${language}&q=fado`)).toMatchObject({
        total: 1,
        languages: { 'pt-BR': 1 },
      })
      const listed = await world.client.get(`/api/courses?language=${language}`)
      expect(listed.body.items).toMatchObject([{ id, language: 'pt-BR' }])
    }
    await mine.delete(`/api/courses/${id}`)
  })
  it('agrees with the list under any filters', async () => {
    for (const query of [
      'q=o',
      'category=science',
      'free=true',
      'tag=lab&language=en',
      'currency=USD&maxPrice=50',
    ]) {
      const { body } = await world.client.get(`/api/courses?limit=100&${query}`)
      expect((await facets(query)).total).toBe(body.items.length)
    }
  })
  it('200: any filters cost no statement once the courses are in memory; words cost one', async () => {
    await facets('level=advanced')
    world.statements.length = 0
    expect(await facets('level=advanced&free=false')).toMatchObject({ total: 1, tags: { lab: 1 } })
    expect(world.statements).toHaveLength(0)
    // Who has which word is read aside.
    let questions = 0
    await vi.waitFor(async () => {
      world.statements.length = 0
      expect(await facets(`q=wave${'~'.repeat(++questions)}&free=false`)).toMatchObject({ total: 1 })
      // What they mean.
      expect(world.statements).toHaveLength(1)
    })
  })
  it('200: follow every change of what courses are filtered by', async () => {
    const owner = await makePerson(world.deps, { role: 'instructor' })
    const mine = world.client.as(owner.accessToken)
    const { id } = await makeCourse(world.deps, { owner, title: 'Follow', language: 'sw', published: false })
    expect((await facets('')).languages).not.toHaveProperty('sw')
    await mine.post(`/api/courses/${id}/publish`)
    expect((await facets('')).languages).toMatchObject({ sw: 1 })
    for (const [change, seen] of [
      [{ level: 'advanced' }, { levels: { advanced: 1 } }],
      [{ tags: ['Kiswahili'] }, { tags: { kiswahili: 1 } }],
      [{ price: { amount: 500, currency: 'KES' } }, { prices: { free: 0, paid: 1 } }],
      [{ language: 'so' }, { total: 0, languages: { so: 1 } }],
    ] as const) {
      await mine.patch(`/api/courses/${id}`, change)
      expect(await facets('language=sw')).toMatchObject(seen)
    }
    await mine.post(`/api/courses/${id}/unpublish`)
    expect((await facets('')).languages).not.toHaveProperty('so')
  })
  it.each(['courses', 'courses/facets'])('400: GET /%s names a language that is none', async (path) => {
    for (const language of ['', 'en_GB!', 'x', 'en-gb-us', 'english language'])
      expect(await world.client.get(`/api/${path}?${new URLSearchParams({ language })}`)).toMatchObject({
        status: 400,
        body: { code: 'validation_failed', errors: [{ path: '/language' }] },
      })
  })
  it.each(['sort=newest', 'limit=5', 'level=expert', 'maxPrice=5', 'currency=ZZZ'])(
    '400: %s',
    async (query) => {
      expect((await world.client.get(`/api/courses/facets?${query}`)).status).toBe(400)
    },
  )
})
