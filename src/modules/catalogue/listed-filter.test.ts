import { expect, it } from 'vitest'
import type { CategoryRow } from './category-queries.ts'
import type { ListedCourse } from './listed-course.ts'
import type { Coded } from './listed-courses.ts'
import { testsOf } from './listed-filter.ts'

const none: Coded = { values: [], codeOf: () => -1 }

it('A category takes in all below it, and looks at each of them a few times at most, however many there are', () => {
  const count = 400
  let looks = 0
  const ids = Array.from({ length: count }, (_, index) => `category ${index}`)
  // Half of them a chain, half beside each other below its end.
  const categories = ids.map((id, index): CategoryRow => {
    const parent_id = index === 0 ? null : (ids[Math.min(index - 1, count / 2)] ?? null)
    const row = { id, slug: id, name: id, parent_id } as CategoryRow
    return Object.defineProperty(row, 'parent_id', {
      get: () => {
        looks++
        return parent_id
      },
    })
  })
  const category: Coded = { values: ids, codeOf: (id) => ids.indexOf(id ?? '') }
  const listed = {
    courses: new Map(),
    ordered: () => [],
    codes: { category, level: none, language: none, tags: none },
    categories,
  }
  const within = (code: number) =>
    testsOf(listed, { category: 'category 3' }).get('category')?.({ category: code } as ListedCourse)
  expect([0, 2, 3, 4, count / 2, count - 1].map(within)).toEqual([false, false, true, true, true, true])
  expect(looks).toBeLessThanOrEqual(6 * 3 * count)
})
