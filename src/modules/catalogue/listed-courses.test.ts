import { expect, it } from 'vitest'
import { newId } from '../../platform/ids.ts'
import { holdListed, type ListedRow } from './listed-courses.ts'
import { orderOf } from './listing-sorts.ts'

const sorts = ['newest', 'popular', 'rating', 'price', 'price_desc'] as const

function row(number: number, wish: Partial<ListedRow> = {}): ListedRow {
  return {
    number,
    id: newId(),
    publishedAt: number,
    category: null,
    level: 'beginner',
    language: null,
    tags: [],
    currency: '',
    amount: 0,
    activations: 0,
    average: 0,
    reviews: 0,
    ...wish,
  }
}

it('keeps each order as sorting anew would make it, whatever is put and removed', () => {
  const held = holdListed()
  // Any fixed sequence of numbers that look like none (Lehmer's generator).
  let seed = 7
  const any = (below: number) => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed % below
  }
  const ids = Array.from({ length: 40 }, newId)
  for (let step = 0; step < 500; step++) {
    const number = any(ids.length)
    if (any(4) === 0) held.remove(number)
    else
      held.put(
        row(number, {
          id: ids[number] ?? '',
          publishedAt: any(5),
          currency: ['', 'EUR', 'USD'][any(3)] ?? '',
          amount: any(3),
          activations: any(3),
          average: any(3),
          reviews: any(3),
        }),
      )
    const sort = sorts[any(sorts.length)] ?? 'newest'
    expect(held.ordered(sort)).toEqual([...held.courses.values()].sort(orderOf(sort)))
  }
})

it('leaves an order as it is where nothing that it goes by is another, and shows the course as it is now', () => {
  const held = holdListed()
  const [first, second] = [row(1), row(2)]
  held.put(first)
  held.put(second)
  const order = held.ordered('newest')
  held.put({ ...second, tags: ['new'], activations: 9 })
  expect(held.ordered('newest')).toBe(order)
  expect(order[0]).toBe(held.courses.get(2))
  expect(order[0]).toMatchObject({ activations: 9, tags: [0] })
  const course = held.courses.get(2)
  held.put({ ...second, tags: ['new'], activations: 9 })
  expect(held.courses.get(2)).toBe(course)
})

it('forgets the values that no course has any more', () => {
  const held = holdListed()
  held.put(row(1, { tags: ['stays'] }))
  for (let change = 0; change < 1_000; change++)
    held.put(row(2, { category: `c${change}`, language: `l${change}`, tags: ['stays', `t${change}`] }))
  const { codes, courses } = held
  const sizes = Object.values(codes).map(({ values }) => values.length)
  expect(Math.max(...sizes)).toBeLessThan(5)
  expect(courses.get(2)?.tags.map((tag) => codes.tags.values[tag])).toEqual(['stays', 't999'])
  expect([codes.tags.codeOf('stays'), codes.tags.codeOf('t998')]).toEqual([0, -1])
  held.remove(2)
  expect(codes.tags.codeOf('t999')).toBe(-1)
})
