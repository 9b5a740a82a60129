import { type CourseNumbers, courseNumbers } from './course-numbers.ts'

/** A course by its number, and its score within a tier: `number * scores + score`, which is one value to read and not two. */
export type Scored = number
/** Ascending, so by number, and each course once. */
export type ScoredCourses = Float64Array

export const scores = 10_000
export const numberOf = (scored: Scored): number => Math.floor(scored / scores)
export const scoreOf = (scored: Scored): number => scored % scores

export const scoredCourses = (scored: ArrayLike<Scored>): ScoredCourses => new Float64Array(scored).sort()

export const numbersOf = (scored: ScoredCourses): CourseNumbers => courseNumbers(scored.map(numberOf))

/** Those of courses that are not among others. */
export function besides(scored: ScoredCourses, others: ScoredCourses): ScoredCourses {
  let at = 0
  return scored.filter((one) => {
    const number = numberOf(one)
    while (at < others.length && numberOf(others[at] ?? 0) < number) at++
    return at === others.length || numberOf(others[at] ?? 0) !== number
  })
}

/** The same, with what courses that changed have now in the place of what they had. */
export function replaced(
  scored: ScoredCourses,
  changed: { has(number: number): boolean },
  now: ScoredCourses,
): ScoredCourses {
  const left = scored.filter((one) => !changed.has(numberOf(one)))
  return left.length === scored.length && now.length === 0 ? scored : scoredCourses([...left, ...now])
}
