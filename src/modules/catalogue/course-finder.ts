import type { Db } from '../../platform/database/database.ts'
import type { Deps } from '../../platform/deps.ts'
import { hasNumber } from './course-numbers.ts'
import { countFacets, type FacetRow } from './facets.ts'
import { type FoundWords, findWords } from './found-words.ts'
import { keepListedCourses, type ListedCourses } from './listed-courses.ts'
import { type Test, testsOf } from './listed-filter.ts'
import { firstAfter, firstAmong, pick } from './listed-orders.ts'
import type { After } from './listing-cursor.ts'
import { findTaughtNumbers } from './listing-queries.ts'
import type { CatalogueFilter, Sort } from './listing-schemas.ts'
import { keysOf, type SortKeys } from './listing-sorts.ts'
import { plainWords } from './plain-words.ts'
import { mostRelevant, type Ranked } from './relevance.ts'
import type { Best } from './word-queries.ts'

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

/** @param options see `findWords` */
export async function createCourseFinder(
  deps: Deps,
  options?: Parameters<typeof findWords>[1],
): Promise<CourseFinder> {
  const words = await findWords(deps, options)
  const listedCourses = await keepListedCourses(deps)

  const taughtBy = async (db: Db, { instructor }: CatalogueFilter) =>
    instructor === undefined ? null : findTaughtNumbers(db, instructor)
  /** What words and instructor leave. Numbers null: all. */
  const leftBy = async (db: Db, filter: CatalogueFilter, after: After | null) => {
    const taught = await taughtBy(db, filter)
    if (filter.q === undefined) return { understood: null, numbers: taught }
    const understood = after ? after.understood : await words.understood(db, plainWords(filter.q))
    const { documents: numbers } = await words.holders(db, understood)
    return { understood, numbers: taught?.filter((number) => hasNumber(numbers, number)) ?? numbers }
  }

  /** Words are nearly always understood as they were for the page before. */
  async function bestOf(db: Db, q: string, before: After | null): Promise<Best> {
    const best = await words.best(db, { q })
    if (!before || before.understood === best.understood) return best
    return words.best(db, { q, understood: before.understood })
  }

  async function byRelevance(
    db: Db,
    q: string,
    filter: CatalogueFilter,
    { after, limit }: { after: After | null; limit: number },
  ): Promise<readonly ListedRow[]> {
    const page = { after: after?.keys ?? null, limit }
    const taught = await taughtBy(db, filter)
    const best = await bestOf(db, plainWords(q), after)
    for await (const ranked of moreAndMore(words, db, best)) {
      const listed = await listedCourses()
      const passes = testOf(listed, filter)
      const isLeft: Test = (course) => (!taught || hasNumber(taught, course.number)) && passes(course)
      const rows = mostRelevant(ranked, listed, page, isLeft)
      if (rows) return rows.map((row) => ({ ...row, understood: best.understood }))
    }
    return []
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

/** What words find, with what comes later in turns: for most pages the first is enough. */
async function* moreAndMore(words: FoundWords, db: Db, best: Best): AsyncGenerator<Ranked> {
  const { understood, titles } = best
  yield { titles, heads: best.heads, rest: null }
  const heads = best.heads ?? (await words.heads(db, understood))
  if (!best.heads) yield { titles, heads, rest: null }
  yield { titles, heads, rest: await words.holders(db, understood) }
}
