import { ascending } from './course-numbers.ts'

/** A course by its number, and its score within a tier: `number * scores + score`, which is one value to read and not two. */
export type Scored = number
/** Ascending, so by number, and each course once. */
export type ScoredCourses = Float64Array

export const scores = 10_000
export const numberOf = (scored: Scored): number => Math.floor(scored / scores)
export const scoreOf = (scored: Scored): number => scored % scores

export const scoredCourses = (scored: ArrayLike<Scored>): ScoredCourses => ascending(new Float64Array(scored))

export function hasScored(scored: ScoredCourses, number: number): boolean {
  const [wanted, next] = [number * scores, (number + 1) * scores]
  let [low, high] = [0, scored.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((scored[middle] ?? 0) < wanted) low = middle + 1
    else high = middle
  }
  return (scored[low] ?? next) < next
}

/** The same, with what courses that changed have now in the place of what they had. */
export function replaced(
  scored: ScoredCourses,
  changed: ReadonlyMap<number, unknown>,
  now: ScoredCourses,
): ScoredCourses {
  const had = changed.keys().some((number) => hasScored(scored, number))
  if (!had && now.length === 0) return scored
  const left = had ? scored.filter((one) => !changed.has(numberOf(one))) : scored
  const all = new Float64Array(left.length + now.length)
  all.set(left)
  all.set(now, left.length)
  return all.sort()
}
