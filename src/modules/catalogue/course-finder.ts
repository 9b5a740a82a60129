import type { Db } from '../../platform/database/database.ts'
import type { Deps } from '../../platform/deps.ts'
import { countFacets, type FacetRow } from './facets.ts'
import { findWords } from './found-words.ts'
import type { ListedCourse } from './listed-course.ts'
import { keepListedCourses, type ListedCourses } from './listed-courses.ts'
import { testsOf } from './listed-filter.ts'
import { firstAfter } from './listed-orders.ts'
import type { After } from './listing-cursor.ts'
import { findTaughtNumbers, type Ranked } from './listing-queries.ts'
import type { CatalogueFilter, Sort } from './listing-schemas.ts'
import { keysOf, type SortKeys } from './listing-sorts.ts'
import { mostRelevant } from './relevance.ts'

/** A course of a page; what is shown of it is a card (`findCards`). */
export interface ListedRow {
  readonly id: string
  readonly keys: SortKeys
  /** What the words were understood as; null without words. */
  readonly understood: string | null
}

/** Finds listed courses: the database knows the words and who teaches; filters, orders and counts are of memory. */
export interface CourseFinder {
  /** The courses of a page, in their order. @param db the words are asked of it */
  page(
    db: Db,
    filter: CatalogueFilter,
    page: { sort: Sort; after: After | null; limit: number },
  ): Promise<readonly ListedRow[]>
  count(db: Db, filter: CatalogueFilter): Promise<FacetRow>
}

export async function createCourseFinder(deps: Deps): Promise<CourseFinder> {
  const words = findWords(deps)
  const listedCourses = await keepListedCourses(deps)

  const taughtBy = async (db: Db, { instructor }: CatalogueFilter) =>
    instructor === undefined ? null : new Set(await findTaughtNumbers(db, instructor))
  /** What must hold of a course, besides the words. */
  const testOf = (listed: ListedCourses, filter: CatalogueFilter, taught: ReadonlySet<number> | null) => {
    const tests = [...testsOf(listed, filter).values()]
    return (course: ListedCourse) =>
      (taught?.has(course.number) ?? true) && tests.every((test) => test(course))
  }

  async function byRelevance(
    db: Db,
    q: string,
    filter: CatalogueFilter,
    { after, limit }: { after: After | null; limit: number },
  ): Promise<readonly ListedRow[]> {
    const page = { after: after?.keys ?? null, limit }
    const taught = await taughtBy(db, filter)
    const of = async (ranked: Ranked) => {
      const listed = await listedCourses()
      const rows = mostRelevant(ranked, listed, page, testOf(listed, filter, taught))
      return rows?.map((row) => ({ ...row, understood: ranked.understood }))
    }
    return (
      (await of(await words.ranked(db, q, after))) ?? (await of(await words.rankedAll(db, q, after))) ?? []
    )
  }

  return {
    async page(db, filter, { sort, after, limit }) {
      const { q } = filter
      if (sort === 'relevance') return q === undefined ? [] : byRelevance(db, q, filter, { after, limit })
      const taught = await taughtBy(db, filter)
      const found = q === undefined ? null : await words.all(db, q, after)
      const numbers = found && new Set(found.numbers)
      const listed = await listedCourses()
      const passes = testOf(listed, filter, taught)
      const courses = firstAfter(
        listed.ordered(sort),
        { sort, after: after?.keys ?? null, limit },
        numbers ? (course) => numbers.has(course.number) && passes(course) : passes,
      )
      const understood = found?.understood ?? null
      return courses.map((course) => ({ id: course.id, keys: keysOf(sort, course), understood }))
    },
    async count(db, filter) {
      const taught = await taughtBy(db, filter)
      const found = filter.q === undefined ? null : await words.all(db, filter.q, null)
      const listed = await listedCourses()
      const numbers = found?.numbers ?? taught
      if (!numbers) return countFacets(listed, filter, listed.ordered('newest'))
      const among: ListedCourse[] = []
      for (const number of numbers) {
        const course = listed.courses.get(number)
        if (course && (taught?.has(number) ?? true)) among.push(course)
      }
      return countFacets(listed, filter, among)
    },
  }
}
