import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Client } from '../../../test/support/http.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { makeCourse } from './factory.ts'

let world: World
let owner: Person
let mine: Client
const ids: Record<string, string> = {}

async function make(title: string, wish: Parameters<typeof makeCourse>[1] = {}): Promise<void> {
  world.clock.advance({ seconds: 1 })
  ids[title] = (await makeCourse(world.deps, { owner, title, ...wish })).id
}

beforeAll(async () => {
  world = await createWorld()
  owner = await makePerson(world.deps, { role: 'instructor' })
  mine = world.client.as(owner.accessToken)
  await make('TypeScript from scratch', { subtitle: 'For people who know JavaScript', tags: ['web'] })
  await make('JavaScript', { tags: ['Web', 'browser'] })
  await make('The Café of French verbs', { language: 'fr' })
  await make('Running a small bakery', { description: 'Flour, yeast and **accounting**.' })
  await make('Data work', { sections: [[{ title: 'Pandas in an hour' }]] })
  await make('Systems', { subtitle: 'With C++ and Go' })
  await make('Хлеб и Вода')
  await make('Secret JavaScript', { published: false })
})
afterAll(() => world.close())

async function list(query: Record<string, string>): Promise<string[]> {
  const { status, body } = await world.client.get(`/api/courses?${new URLSearchParams(query)}`)
  expect(status).toBe(200)
  return body.items.map((item: { title: string }) => item.title)
}
const search = (q: string) => list({ q })

describe('GET /courses?q=', () => {
  it('200: of more than eight words the first eight count', async () => {
    const eight = 'typescript from scratch for people who know javascript'
    expect(await search(`${eight} zyzzyva quux`)).toEqual(['TypeScript from scratch'])
    expect(await search(`zyzzyva ${eight}`)).toEqual([])
  })
  it.each([
    ['a beginning, as one types', 'typ', ['TypeScript from scratch']],
    ['a missing letter', 'javscript', ['JavaScript', 'TypeScript from scratch']],
    ['swapped letters', 'tyepscript', ['TypeScript from scratch']],
    ['swapped letters of a short word', 'dtaa', ['Data work']],
    ['another order', 'scratch typescript', ['TypeScript from scratch']],
    ['accents left out', 'cafe', ['The Café of French verbs']],
    ['accents put in', 'JAVÁSCRIPT', ['JavaScript', 'TypeScript from scratch']],
    ['another English form', 'bakeries', ['Running a small bakery']],
    ['words of the description', 'yeast', ['Running a small bakery']],
    ['words of a lesson title', 'pandas', ['Data work']],
    ['a tag', 'browser', ['JavaScript']],
    ['words of different fields', 'flour bakery', ['Running a small bakery']],
    ['a small word more', 'the javascript', ['JavaScript', 'TypeScript from scratch']],
    ['a language with signs', 'c++', ['Systems']],
    ['other alphabets', 'вода', ['Хлеб и Вода']],
    ['a word that is nowhere', 'zzyzx', []],
    ['a word that is nowhere beside one that is', 'javascript zzyzx', []],
    ['what only looks like a query', "javascript & !('x':*) |", []],
  ])('200: finds by %s (%s)', async (_what, q, titles) => {
    expect(await search(q)).toEqual(titles)
  })
  it.each(['', '   ', '!?', '…'])('200: no words (%j) is no search', async (q) => {
    expect(await search(q)).toEqual(await list({}))
  })
  it('200: best first: the very title, its beginning, a word of it, the subtitle, lessons, the description', async () => {
    await make('Not about it 1', { description: 'All of knitting.' })
    await make('Not about it 2', { sections: [[{ title: 'Knitting with wool' }]] })
    await make('Hats', { subtitle: 'A way into knitting' })
    await make('Warm knitting')
    await make('Knitting for winter evenings')
    await make('Knitting')
    await make('Not about it 3', { description: 'Nothing.' })
    const best = ['Knitting', 'Knitting for winter evenings', 'Warm knitting', 'Hats']
    expect(await search('knitting')).toEqual([...best, 'Not about it 2', 'Not about it 1'])
    expect((await list({ q: 'knitting', sort: 'newest' }))[0]).toBe('Knitting')
    expect((await list({ q: 'knitting', sort: 'newest' })).at(-1)).toBe('Not about it 1')
  })
  it('200: what is found follows every change: title, tags, lessons, publishing', async () => {
    await make('Origami', { published: true })
    const { body: page } = await world.client.get(`/api/courses/${ids.Origami}`)
    const [section] = page.sections
    const lesson = section.lessons[0].id
    expect(await search('quilling')).toEqual([])
    await mine.patch(`/api/lessons/${lesson}`, { title: 'Quilling' })
    expect(await search('quilling')).toEqual(['Origami'])
    await mine.delete(`/api/lessons/${lesson}`)
    expect(await search('quilling')).toEqual([])
    await mine.post('/api/lessons', { sectionId: section.id, title: 'Decoupage', type: 'text' })
    expect(await search('decoupage')).toEqual(['Origami'])
    await mine.delete(`/api/sections/${section.id}`)
    expect(await search('decoupage')).toEqual([])
    await mine.patch(`/api/courses/${ids.Origami}`, { title: 'Paper folding', tags: ['washi'] })
    expect(await search('origami')).toEqual([])
    expect(await search('washi')).toEqual(['Paper folding'])
    // The old word is forgotten too, so it is no longer what a misspelled one may mean.
    expect(await search('orgami')).toEqual([])
    await mine.post(`/api/courses/${ids.Origami}/unpublish`)
    expect(await search('washi')).toEqual([])
    await mine.post(`/api/courses/${ids.Origami}/publish`)
    expect(await search('washi')).toEqual(['Paper folding'])
    await mine.delete(`/api/courses/${ids.Origami}`)
    expect(await search('washi')).toEqual([])
  })
  it('200: pages go on whatever the words are made of', async () => {
    const q = 'vielseitig 🎉♪ ２㎡ ᚛x᚜'
    for (const n of [1, 2, 3]) await make(`${q} ${n}`)
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const query = new URLSearchParams({ q, limit: '1', ...(cursor === null ? {} : { cursor }) })
      const { status, body } = await world.client.get(`/api/courses?${query}`)
      expect(status).toBe(200)
      seen.push(...body.items.map((item: { title: string }) => item.title))
      cursor = body.nextCursor
    } while (cursor !== null)
    expect(seen).toEqual([`${q} 3`, `${q} 2`, `${q} 1`])
  })
  it('200: pages of the longest search go on', async () => {
    const words = Array.from({ length: 8 }, (_, n) => '🎉𝄞ऄ'.repeat(7) + n)
    for (const n of [1, 2]) await make(`Signs ${n}`, { description: words.join(' ') })
    const { body: first } = await world.client.get(
      `/api/courses?${new URLSearchParams({ q: words.join(' '), limit: '1' })}`,
    )
    const next = new URLSearchParams({ q: words.join(' '), limit: '1', cursor: first.nextCursor })
    expect((await world.client.get(`/api/courses?${next}`)).body.items).toMatchObject([{ title: 'Signs 1' }])
  })
  it('200: the longest text, and words without end, are searched without a fault', async () => {
    await make('Long', {
      description: `${'word '.repeat(3_000)}${'x'.repeat(20_000)}${'& '.repeat(80_000)}`,
      tags: ['y'.repeat(50)],
    })
    expect(await search('long')).toEqual(['Long'])
    expect(await search('x'.repeat(200))).toEqual(['Long'])
    expect(await search("'\\ %_ \u0301 ａｂｃ")).toEqual([])
  })
})

describe('filters', () => {
  it('200: tag (several: all of them), instructor, currency and price', async () => {
    const other = await makePerson(world.deps, { role: 'instructor' })
    const price = (amount: number, currency = 'INR') => ({ price: { amount, currency } })
    await make('Cheap', { owner: other, tags: ['Paid', 'one'], ...price(100) })
    await make('Dear', { owner: other, tags: ['paid', 'two'], ...price(900) })
    await make('Foreign', { owner: other, tags: ['paid'], ...price(500, 'USD') })
    await make('Given', { owner: other })
    const instructor = other.id
    expect(await list({ instructor })).toEqual(['Given', 'Foreign', 'Dear', 'Cheap'])
    expect(await list({ tag: 'PAID' })).toEqual(['Foreign', 'Dear', 'Cheap'])
    const both = await world.client.get('/api/courses?tag=paid&tag=two')
    expect(both.body.items.map((item: { title: string }) => item.title)).toEqual(['Dear'])
    expect(await list({ instructor, currency: 'INR' })).toEqual(['Given', 'Dear', 'Cheap'])
    expect(await list({ instructor, currency: 'INR', maxPrice: '500' })).toEqual(['Given', 'Cheap'])
    expect(await list({ instructor, currency: 'INR', minPrice: '500' })).toEqual(['Dear'])
    expect(await list({ instructor, sort: 'price' })).toEqual(['Given', 'Cheap', 'Dear', 'Foreign'])
    expect(await list({ instructor, sort: 'price_desc' })).toEqual(['Foreign', 'Dear', 'Cheap', 'Given'])
  })
  it.each([
    ['minPrice=5', '/minPrice'],
    ['maxPrice=5', '/maxPrice'],
    ['currency=inr', '/currency'],
    ['sort=best', '/sort'],
    ['instructor=me', '/instructor'],
    [`q=${'x'.repeat(201)}`, '/q'],
    [`tag=${'x'.repeat(51)}`, '/tag/0'],
  ])('400: %s is named as %s', async (query, path) => {
    const answer = await world.client.get(`/api/courses?${query}`)
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path }] } })
  })
})

describe('pages', () => {
  const sorts = ['relevance', 'newest', 'popular', 'rating', 'price', 'price_desc']
  it.each(sorts)(
    '200: sorted by %s, none is skipped or repeated, also where courses come in between',
    async (sort) => {
      for (let n = 0; n < 7; n++) {
        const price = n % 3 ? { amount: 1 + (n % 2), currency: n % 2 ? 'EUR' : 'USD' } : null
        await make(`Pager ${sort} ${n}`, {
          tags: [`pages-${sort}`],
          price,
          ...(n % 2 ? { subtitle: 'pager' } : {}),
        })
      }
      const { rows } = await world.database.pool.query(
        `update course_stats set activations = (random() * 3)::int, stars = array[0, 0, (random() * 2)::int, 0, (random() * 2)::int]
       from course_search s where s.course_id = course_stats.course_id and s.tags @> array[$1] returning s.course_id as id`,
        [`pages-${sort}`],
      )
      const query = { q: `pager ${sort.replace('_', ' ')}`, tag: `pages-${sort}`, sort, limit: '2' }
      const seen: string[] = []
      let cursor: string | null = ''
      while (cursor !== null) {
        const asked = new URLSearchParams({ ...query, ...(cursor ? { cursor } : {}) })
        const { status, body } = await world.client.get(`/api/courses?${asked}`)
        expect(status).toBe(200)
        seen.push(...body.items.map((item: { id: string }) => item.id))
        cursor = body.nextCursor
        await make(`Pager ${sort} between`, { tags: [`pages-${sort}`] })
      }
      expect(new Set(seen).size).toBe(seen.length)
      expect(seen).toEqual(expect.arrayContaining(rows.map(({ id }) => id)))
    },
  )
  it('400 /cursor: of another sort or filter, or made up', async () => {
    const { body } = await world.client.get('/api/courses?limit=1&q=javascript')
    const made = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const [list, understood, ...keys] = JSON.parse(Buffer.from(body.nextCursor, 'base64url').toString())
    const bad = [
      ['q=javascript&sort=newest', body.nextCursor],
      ['q=javascript&free=true', body.nextCursor],
      ['q=typescript', body.nextCursor],
      ['q=javascript', made([list, "('a' | 'b'", ...keys])],
      ['q=javascript', made([list, "('a') & !('b')", ...keys])],
      ['q=javascript', made([list, understood, 'x', ...keys.slice(1)])],
      ['q=javascript', made([list, understood])],
    ]
    for (const [query, cursor] of bad) {
      const answer = await world.client.get(`/api/courses?${query}&cursor=${cursor}`)
      expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: '/cursor' }] } })
    }
    expect(
      (await world.client.get(`/api/courses?limit=100&q=javascript&cursor=${body.nextCursor}`)).status,
    ).toBe(200)
  })
  it('200: a misspelled search goes on as it began, whatever is published in between', async () => {
    await make('Calligraphy one')
    await make('Calligraphy two')
    const first = await world.client.get('/api/courses?limit=1&q=caligraphy')
    await make('Caligraphy')
    const next = await world.client.get(`/api/courses?limit=1&q=caligraphy&cursor=${first.body.nextCursor}`)
    expect([first, next].map(({ body }) => body.items[0]?.title)).toEqual([
      'Calligraphy two',
      'Calligraphy one',
    ])
  })
})
