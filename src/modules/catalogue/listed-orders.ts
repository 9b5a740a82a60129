import { type CourseNumbers, hasNumber } from './course-numbers.ts'
import type { ListedCourse } from './listed-course.ts'
import { type ListedSort, orderOf, placeOf, type SortKeys } from './listing-sorts.ts'

export interface Orders {
  /** All courses in an order: sorted when it is first asked for, and kept. */
  ordered(sort: ListedSort): readonly ListedCourse[]
  /** Puts a course where it belongs now, in each order that is kept. Undefined: it was, or is, not listed. */
  move(before: ListedCourse | undefined, after: ListedCourse | undefined): void
}

export function keepOrders(courses: ReadonlyMap<number, ListedCourse>): Orders {
  const kept = new Map<ListedSort, ListedCourse[]>()
  return {
    ordered(sort) {
      const order = kept.get(sort) ?? [...courses.values()].sort(orderOf(sort))
      kept.set(sort, order)
      return order
    },
    move(before, after) {
      for (const [sort, order] of kept) {
        const compare = orderOf(sort)
        const placeIn = (place: ListedCourse) => countFirst(order, (course) => compare(course, place) < 0)
        if (before && after && compare(before, after) === 0) order[placeIn(after)] = after
        else {
          if (before) order.splice(placeIn(before), 1)
          if (after) order.splice(placeIn(after), 0, after)
        }
      }
    },
  }
}

interface Listed extends Pick<Orders, 'ordered'> {
  readonly courses: ReadonlyMap<number, ListedCourse>
}

interface Place {
  readonly sort: ListedSort
  readonly after: SortKeys | null
  readonly limit: number
}

/** The listed ones of these. */
export function pick({ courses }: Pick<Listed, 'courses'>, numbers: CourseNumbers): ListedCourse[] {
  const picked: ListedCourse[] = []
  for (const number of numbers) {
    const course = courses.get(number)
    if (course) picked.push(course)
  }
  return picked
}

/** The first that pass, of those with these numbers. A few are put in order; of many the order of all has enough soon. */
export function firstAmong(
  listed: Listed,
  numbers: CourseNumbers,
  place: Place,
  passes: (course: ListedCourse) => boolean,
): ListedCourse[] {
  const { sort } = place
  if (numbers.length ** 2 < listed.courses.size)
    return firstAfter(pick(listed, numbers).sort(orderOf(sort)), place, passes)
  return firstAfter(
    listed.ordered(sort),
    place,
    (course) => hasNumber(numbers, course.number) && passes(course),
  )
}

/** The first that pass, of those after the keys of another. */
export function firstAfter(
  order: readonly ListedCourse[],
  { sort, after, limit }: Place,
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
  return countFirst(order, (course) => compare(course, place) <= 0)
}

/** How many there are at the beginning of which this holds; it holds of none after them. */
function countFirst(order: readonly ListedCourse[], holds: (course: ListedCourse) => boolean): number {
  let [low, high] = [0, order.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    const course = order[middle]
    if (course && holds(course)) low = middle + 1
    else high = middle
  }
  return low
}
