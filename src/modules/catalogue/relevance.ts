import { type CourseNumbers, hasNumber } from './course-numbers.ts'
import type { ListedCourses } from './listed-courses.ts'
import type { Test } from './listed-filter.ts'
import { firstAmong } from './listed-orders.ts'
import type { SortKeys } from './listing-sorts.ts'
import { hasScored, numberOf, type ScoredCourses, scoreOf } from './scored-courses.ts'

/** What words find, each with what is found by those before it. What is null was not looked for: those before it may be enough. */
export interface Ranked {
  readonly titles: ScoredCourses
  readonly heads: ScoredCourses | null
  readonly rest: { readonly outlines: CourseNumbers; readonly documents: CourseNumbers } | null
}

interface Row {
  readonly id: string
  /** Tier, score within it, id. */
  readonly keys: SortKeys
}

type Place = { readonly after: SortKeys | null; readonly limit: number }

/**
 * A page of what words find, best first, in four tiers: the words are in the title (at its beginning, best of all); in title, subtitle and
 * tags; also in lesson titles; also in the description. The last two are not ranked within, but the course made last comes first: that
 * would read each whole document.
 * @returns null where it takes more than was looked for
 */
export function mostRelevant(
  { titles, heads, rest }: Ranked,
  listed: Pick<ListedCourses, 'courses' | 'ordered'>,
  { after, limit }: Place,
  passes: Test,
): readonly Row[] | null {
  const isOfTier = (number: number, tier: number) =>
    !(
      (tier < 4 && hasScored(titles, number)) ||
      (tier < 3 && heads && hasScored(heads, number)) ||
      (tier < 2 && rest && hasNumber(rest.outlines, number))
    )
  const found: Row[] = []
  const lastTier = after?.[0] ?? 4
  for (const tier of [4, 3, 2, 1]) {
    if (tier > Number(lastTier)) continue
    if (found.length === limit) break
    const place = { after: after && tier === lastTier ? after.slice(1) : null, limit: limit - found.length }
    const isNew: Test = (course) => isOfTier(course.number, tier) && passes(course)
    if (tier > 2) {
      const scored = tier === 4 ? titles : heads
      if (!scored) return null
      found.push(...bestOf(scored, listed, place, isNew, tier))
    } else {
      if (!rest) return null
      const within = tier === 2 ? rest.outlines : rest.documents
      const page = { sort: 'made', after: place.after?.slice(1) ?? null, limit: place.limit } as const
      const courses = firstAmong(listed, within, page, isNew)
      found.push(...courses.map(({ id }) => ({ id, keys: [tier, 0, id] })))
    }
  }
  return found
}

/**
 * The first by score, then those made last: of very many only those that can be among them are compared. From the end, where those are that
 * were mostly made last: of equal scores, few then come before one that was taken already.
 */
function bestOf(
  scored: ScoredCourses,
  { courses }: Pick<ListedCourses, 'courses'>,
  { after, limit }: Place,
  passes: Test,
  tier: number,
): readonly Row[] {
  const best: Scoring[] = []
  const last = after && { score: Number(after[0]), id: String(after[1]) }
  let worst: Scoring | undefined
  for (let at = scored.length - 1; at >= 0; at--) {
    const one = scored[at] ?? 0
    const score = scoreOf(one)
    if (worst && score < worst.score) continue
    const course = courses.get(numberOf(one))
    if (!course || (worst && score === worst.score && course.id < worst.id)) continue
    if (last && (score > last.score || (score === last.score && course.id >= last.id))) continue
    if (!passes(course)) continue
    const row = { id: course.id, score }
    let place = best.length
    for (let before = best[place - 1]; before && isBefore(row, before); before = best[place - 1]) place--
    best.splice(place, 0, row)
    if (best.length > limit) best.pop()
    // Once there are enough, what comes after the last of them is none of them.
    if (best.length === limit) worst = best[limit - 1]
  }
  return best.map(({ id, score }) => ({ id, keys: [tier, score, id] }))
}

interface Scoring {
  readonly id: string
  readonly score: number
}

function isBefore(a: Scoring, b: Scoring): boolean {
  return a.score > b.score || (a.score === b.score && a.id > b.id)
}
