/** Numbers of courses (`course_search.number`), ascending: what is kept of it is four bytes for each. */
export type CourseNumbers = Uint32Array

export const courseNumbers = (numbers: ArrayLike<number>): CourseNumbers =>
  ascending(new Uint32Array(numbers))

/** Sorts them where they are not sorted: they mostly are. */
export function ascending<Numbers extends Uint32Array | Float64Array>(numbers: Numbers): Numbers {
  for (let at = 1; at < numbers.length; at++)
    if ((numbers[at - 1] ?? 0) > (numbers[at] ?? 0)) {
      numbers.sort()
      break
    }
  return numbers
}

/** Asked by halving: no set is made for a request that looks at a few. */
export function hasNumber(numbers: CourseNumbers, wanted: number): boolean {
  return numbers[countBefore(numbers, wanted)] === wanted
}

/** Those that are in all of these. */
export function inAll([first, ...others]: readonly CourseNumbers[]): CourseNumbers {
  return others.reduce(inBoth, first ?? new Uint32Array())
}

function inBoth(numbers: CourseNumbers, others: CourseNumbers): CourseNumbers {
  let at = 0
  return numbers.filter((number) => {
    while (at < others.length && (others[at] ?? 0) < number) at++
    return others[at] === number
  })
}

/** The same with one in it, or not. */
export function withNumber(numbers: CourseNumbers, number: number, isIn: boolean): CourseNumbers {
  const at = countBefore(numbers, number)
  if ((numbers[at] === number) === isIn) return numbers
  const [before, after] = [numbers.subarray(0, at), numbers.subarray(isIn ? at : at + 1)]
  const changed = new Uint32Array(numbers.length + (isIn ? 1 : -1))
  changed.set(before)
  if (isIn) changed[at] = number
  changed.set(after, changed.length - after.length)
  return changed
}

function countBefore(numbers: CourseNumbers, wanted: number): number {
  let [low, high] = [0, numbers.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((numbers[middle] ?? 0) < wanted) low = middle + 1
    else high = middle
  }
  return low
}
