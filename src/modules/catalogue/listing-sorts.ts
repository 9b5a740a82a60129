import { isIdKey } from '../../platform/http/pagination.ts'
import type { ListedCourse } from './listed-course.ts'
import type { Sort } from './listing-schemas.ts'

/** The sort keys of a course as its cursor holds them; the last is its id. */
export type SortKeys = readonly (number | string)[]
/** By what is known of a course alone, whatever words find it. What was made last comes first among those that are equally relevant. */
export type ListedSort = Exclude<Sort, 'relevance'> | 'made'

const isCount = (value: unknown) => Number.isSafeInteger(value)
const valid = {
  id: isIdKey,
  publishedAt: isCount,
  activations: isCount,
  average: Number.isFinite,
  reviews: isCount,
  currency: (value: unknown) => typeof value === 'string' && value.length < 100,
  amount: isCount,
  tier: isCount,
  score: isCount,
} as const

type Key = Exclude<keyof typeof valid, 'tier' | 'score'>
type Place = Readonly<Partial<Record<Key, number | string>>>

interface SortRule {
  readonly descending: boolean
  readonly keys: readonly Key[]
}

const sorts: Readonly<Record<ListedSort, SortRule>> = {
  newest: { descending: true, keys: ['publishedAt', 'id'] },
  popular: { descending: true, keys: ['activations', 'id'] },
  rating: { descending: true, keys: ['average', 'reviews', 'id'] },
  made: { descending: true, keys: ['id'] },
  price: { descending: false, keys: ['currency', 'amount', 'id'] },
  price_desc: { descending: true, keys: ['currency', 'amount', 'id'] },
}

/** Relevance is to words; where there are none, the newest come first. */
export function sortOf(wish: Sort | undefined, { q }: { q?: string }): Sort {
  if (q === undefined) return wish === undefined || wish === 'relevance' ? 'newest' : wish
  return wish ?? 'relevance'
}

export function areKeys(sort: Sort, values: readonly unknown[]): values is SortKeys {
  const keys = sort === 'relevance' ? (['tier', 'score', 'id'] as const) : sorts[sort].keys
  return values.length === keys.length && keys.every((key, index) => valid[key](values[index]))
}

export function keysOf(sort: ListedSort, course: ListedCourse): SortKeys {
  return sorts[sort].keys.map((key) => course[key])
}

/** Which of two comes first, as `Array.sort` asks it: below 0 for the first. A cursor's keys have a place in the order too. */
export function orderOf(sort: ListedSort): (a: Place, b: Place) => number {
  const { keys, descending } = sorts[sort]
  return (a, b) => {
    for (const key of keys) {
      const [first, second] = [a[key] ?? '', b[key] ?? '']
      if (first !== second) return first < second === descending ? 1 : -1
    }
    return 0
  }
}

/** What the keys of a cursor say of the course that it was made for. */
export function placeOf(sort: ListedSort, values: SortKeys): Place {
  return Object.fromEntries(sorts[sort].keys.map((key, index) => [key, values[index]]))
}
