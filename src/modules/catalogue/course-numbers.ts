/**
 * Numbers of courses (`course_search.number`), ascending. It is asked by halving: what is kept of it is four bytes for each, and no set is
 * made of it for a request that looks at a few.
 */
export type CourseNumbers = Uint32Array

export const courseNumbers = (numbers: readonly number[]): CourseNumbers => new Uint32Array(numbers).sort()

export function hasNumber(numbers: CourseNumbers, wanted: number): boolean {
  let [low, high] = [0, numbers.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((numbers[middle] ?? 0) < wanted) low = middle + 1
    else high = middle
  }
  return numbers[low] === wanted
}

/** Those that are not among others. */
export const without = (numbers: CourseNumbers, others: CourseNumbers): CourseNumbers =>
  others.length === 0 ? numbers : numbers.filter((number) => !hasNumber(others, number))
