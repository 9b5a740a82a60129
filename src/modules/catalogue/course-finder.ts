import type { Db } from '../../platform/database/database.ts'
import type { Deps } from '../../platform/deps.ts'
import { hasNumber } from './course-numbers.ts'
import { countFacets, type FacetRow } from './facets.ts'
import { findWords } from './found-words.ts'
import { keepListedCourses, type ListedCourses } from './listed-courses.ts'
import { type Test, testsOf } from './listed-filter.ts'
import { firstAfter, firstAmong, pick } from './listed-orders.ts'
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
    instructor === undefined ? null : findTaughtNumbers(db, instructor)
  /** What words and instructor leave. Numbers null: all. */
  const leftBy = async (db: Db, filter: CatalogueFilter, after: After | null) => {
    const taught = await taughtBy(db, filter)
    if (filter.q === undefined) return { understood: null, numbers: taught }
    const { understood, numbers } = await words.all(db, filter.q, after)
    return { understood, numbers: taught?.filter((number) => hasNumber(numbers, number)) ?? numbers }
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
      const passes = testOf(listed, filter)
      const isLeft: Test = (course) => (!taught || hasNumber(taught, course.number)) && passes(course)
      const rows = mostRelevant(ranked, listed, page, isLeft)
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
      const { understood, numbers } = await leftBy(db, filter, after)
      const listed = await listedCourses()
      const passes = testOf(listed, filter)
      const place = { sort, after: after?.keys ?? null, limit }
      const courses = numbers
        ? firstAmong(listed, numbers, place, passes)
        : firstAfter(listed.ordered(sort), place, passes)
      return courses.map((course) => ({ id: course.id, keys: keysOf(sort, course), understood }))
    },
    async count(db, filter) {
      const { numbers } = await leftBy(db, filter, null)
      const listed = await listedCourses()
      return countFacets(listed, filter, numbers ? pick(listed, numbers) : listed.ordered('newest'))
    },
  }
}

/** What must hold of a course, besides words and instructor. */
function testOf(listed: ListedCourses, filter: CatalogueFilter): Test {
  const tests = [...testsOf(listed, filter).values()]
  return (course) => tests.every((test) => test(course))
}
