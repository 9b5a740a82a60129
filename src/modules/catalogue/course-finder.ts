import type { Db } from '../../platform/database/database.ts'
import type { Deps } from '../../platform/deps.ts'
import { countFacets, type FacetRow } from './facets.ts'
import type { ListedCourse } from './listed-course.ts'
import { keepListedCourses } from './listed-courses.ts'
import { testsOf } from './listed-filter.ts'
import { firstAfter } from './listed-orders.ts'
import type { After } from './listing-cursor.ts'
import { findMostRelevant, findNumbers, type ListedRow } from './listing-queries.ts'
import type { CatalogueFilter, Sort } from './listing-schemas.ts'
import { keysOf } from './listing-sorts.ts'

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
  const listedCourses = await keepListedCourses(deps)

  /** What listed courses there are, and which of them words and instructor leave; null: all. */
  async function find(db: Db, filter: CatalogueFilter, meant: string | null) {
    const found = await findNumbers(db, filter, meant)
    return { found, listed: await listedCourses() }
  }

  return {
    async page(db, filter, { sort, after, limit }) {
      if (sort === 'relevance') return findMostRelevant(db, filter, { after, limit })
      const { found, listed } = await find(db, filter, after?.understood ?? null)
      const numbers = found && new Set(found.numbers)
      const tests = [...testsOf(listed, filter).values()]
      const passes = (course: ListedCourse) =>
        (numbers?.has(course.number) ?? true) && tests.every((test) => test(course))
      const courses = firstAfter(listed.ordered(sort), { sort, after: after?.keys ?? null, limit }, passes)
      const understood = found?.understood ?? null
      return courses.map((course) => ({ id: course.id, keys: keysOf(sort, course), understood }))
    },
    async count(db, filter) {
      const { found, listed } = await find(db, filter, null)
      const { courses } = listed
      const among = found?.numbers.flatMap((number) => courses.get(number) ?? [])
      return countFacets(listed, filter, among ?? listed.ordered('newest'))
    },
  }
}
