import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import { makePerson } from '../accounts/factory.ts'
import { makeCourse } from './factory.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const get = (path: string) => world.client.get(`/api/courses${path}`)
const titlesOf = ({ body }: { body: { items: { title: string }[] } }) => body.items.map(({ title }) => title)

it('words are looked for once, whatever page, filter and sort; and once more when those of a course change', async () => {
  const owner = await makePerson(world.deps, { role: 'instructor' })
  const mine = world.client.as(owner.accessToken)
  const course = await makeCourse(world.deps, { owner, title: 'Weaving' })
  await makeCourse(world.deps, { owner, title: 'Weaving baskets', level: 'beginner' })
  // Its own changes a process hears twice.
  await vi.waitFor(async () => {
    const first = await get('?q=weaving&limit=1')
    await get('?q=weaving&sort=newest')
    world.statements.length = 0
    const next = await get(`?q=weaving&limit=1&cursor=${first.body.nextCursor}`)
    expect([first, next].map(titlesOf)).toEqual([['Weaving'], ['Weaving baskets']])
    expect(titlesOf(await get('?q=weaving&level=beginner'))).toEqual(['Weaving baskets'])
    expect(titlesOf(await get('?q=weaving&sort=newest&free=true'))).toEqual(['Weaving baskets', 'Weaving'])
    expect((await get('/facets?q=weaving')).body.total).toBe(2)
    const typed = await get('?q=%20Weaving,&limit=1')
    const typedNext = await get(`?q=%20Weaving,&limit=1&cursor=${typed.body.nextCursor}`)
    expect([typed, typedNext].map(titlesOf)).toEqual([['Weaving'], ['Weaving baskets']])
    expect(world.statements).toHaveLength(0)
  }, 10_000)
  await mine.patch(`/api/courses/${course.id}`, { title: 'Knots', subtitle: 'Not weaving' })
  expect(titlesOf(await get('?q=weaving'))).toEqual(['Weaving baskets', 'Knots'])
  expect((await get('/facets?q=knots')).body.total).toBe(1)
  await mine.patch(`/api/courses/${course.id}`, { subtitle: 'At sea', description: 'Less weaving.' })
  expect(titlesOf(await get('?q=weaving'))).toEqual(['Weaving baskets', 'Knots'])
  await mine.patch(`/api/courses/${course.id}`, { description: 'Ropes.' })
  expect((await get('/facets?q=weaving')).body.total).toBe(1)
  await mine.post(`/api/courses/${course.id}/unpublish`)
  expect(titlesOf(await get('?q=knots'))).toEqual([])
})

it.each([
  ['title', 'garden', `'Garden ' || n`, 'null'],
  ['subtitle', 'meadow', `'Green ' || n`, `'In a meadow'`],
])(
  'what is in no %s is found too where very many have the words there, but filters leave none of them or all were shown',
  async (_where, word, title, subtitle) => {
    await world.database.pool.query(
      `insert into courses (id, slug, title, subtitle, level, status, published_at, created_at, updated_at)
       select gen_random_uuid(), $1 || n, ${title}, ${subtitle}, 'beginner', 'published', now(), now(), now()
       from generate_series(1, 210) as n`,
      [word],
    )
    const advanced = { level: 'advanced' } as const
    await makeCourse(world.deps, { title: 'Soil', ...advanced, description: `For the ${word}.` })
    await makeCourse(world.deps, { title: 'Tools', ...advanced, sections: [[{ title: `In the ${word}` }]] })
    if (word === 'garden')
      await makeCourse(world.deps, { title: 'Compost', ...advanced, subtitle: `In the ${word}` })
    const last = word === 'garden' ? ['Compost', 'Tools', 'Soil'] : ['Tools', 'Soil']
    expect(titlesOf(await get(`?q=${word}&level=advanced`))).toEqual(last)
    const seen: string[] = []
    for (let cursor = ''; cursor !== null; ) {
      const { body } = await get(`?q=${word}&limit=100${cursor && `&cursor=${cursor}`}`)
      seen.push(...titlesOf({ body }))
      cursor = body.nextCursor
    }
    expect(seen.slice(-last.length)).toEqual(last)
    expect(seen).toHaveLength(210 + last.length)
    expect(new Set(seen).size).toBe(seen.length)
  },
)
