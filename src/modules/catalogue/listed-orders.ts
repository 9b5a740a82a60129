import type { ListedCourse, ListedCourses } from './listed-courses.ts'
import { type ListedSort, orderOf, placeOf, type SortKeys } from './listing-sorts.ts'

/** All listed courses in an order. It is kept, and made anew from what it was once the courses are others. */
export type Ordered = (listed: ListedCourses, sort: ListedSort) => readonly ListedCourse[]

export function keepOrders(): Ordered {
  const kept = new Map<ListedSort, { version: number; order: readonly ListedCourse[] }>()
  return ({ courses, version }, sort) => {
    const before = kept.get(sort)
    if (before?.version === version) return before.order
    // Nearly in order already, which a merge sort is quick with.
    const known = new Set(before?.order.map(({ number }) => number))
    const still = before?.order.flatMap(({ number }) => courses.get(number) ?? []) ?? []
    const come = [...courses.values()].filter(({ number }) => !known.has(number))
    const order = [...still, ...come].sort(orderOf(sort))
    kept.set(sort, { version, order })
    return order
  }
}

/** The first that pass, of those after the keys of another. */
export function firstAfter(
  order: readonly ListedCourse[],
  { sort, after, limit }: { sort: ListedSort; after: SortKeys | null; limit: number },
  passes: (course: ListedCourse) => boolean,
): ListedCourse[] {
  const found: ListedCourse[] = []
  for (let at = after ? placeAfter(order, sort, after) : 0; at < order.length && found.length < limit; at++) {
    const course = order[at]
    if (course && passes(course)) found.push(course)
  }
  return found
}

/** The index of the first that comes after these keys. */
function placeAfter(order: readonly ListedCourse[], sort: ListedSort, keys: SortKeys): number {
  const compare = orderOf(sort)
  const place = placeOf(sort, keys)
  let [low, high] = [0, order.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    const course = order[middle]
    if (course && compare(course, place) <= 0) low = middle + 1
    else high = middle
  }
  return low
}
