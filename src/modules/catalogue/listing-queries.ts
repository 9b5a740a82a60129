import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Db } from '../../platform/database/database.ts'
import type { CourseStatus } from '../../platform/database/schema.ts'
import { type CourseRow, selectCourses } from './course-selection.ts'
import type { After } from './listing-cursor.ts'
import { allOf, conditionsOf } from './listing-filter.ts'
import type { CatalogueFilter, Sort } from './listing-schemas.ts'
import { comesAfter, inOrder, type SortKeys, type SortRule, shownKeys, sorts } from './listing-sorts.ts'

/** A course of a page; what is shown of it is a card (`findCards`). */
export interface ListedRow {
  readonly id: string
  readonly keys: SortKeys
  /** What the words were understood as; null without words. */
  readonly understood: string | null
}

/** A page of the catalogue: which courses, in their order. */
export async function findPublished(
  db: Db,
  filter: CatalogueFilter,
  page: { sort: Sort; after: After | null; limit: number },
): Promise<readonly ListedRow[]> {
  const { sort, after, limit } = page
  const rule = sorts[sort]
  const which =
    sort === 'relevance' ? byRelevance(filter, rule, after, limit) : inSort(filter, rule, after, limit)
  return (await which.execute(db)).rows
}

/** What lists show of courses, of those that are listed. */
export function findCards(db: Db, ids: readonly string[]): Promise<CourseRow[]> {
  return selectCourses(db)
    .innerJoin('course_search', 'course_search.course_id', 'courses.id')
    .where(sql<SqlBool>`courses.id = any(${ids}::uuid[])`)
    .execute()
}

/** The words of a search, for the statement's `with`. A page after the first keeps to what the first understood. */
export function asked(filter: CatalogueFilter, understood: string | null): RawBuilder<unknown> {
  const meaning = understood === null ? sql`understand_search(${filter.q})` : sql`${understood}::text`
  return sql`asked as materialized (
    select text::tsquery as query, text as understood, array_to_string(words_of(${filter.q}), ' ') as words
    from (select ${meaning} as text) as meant)`
}

function inSort(
  filter: CatalogueFilter,
  rule: SortRule,
  after: After | null,
  limit: number,
): RawBuilder<ListedRow> {
  const { rest, ...facets } = conditionsOf(filter)
  const searched = filter.q !== undefined
  return sql<ListedRow>`
    ${searched ? sql`with ${asked(filter, after?.understood ?? null)}` : sql``}
    select course_search.course_id as id, ${shownKeys(rule)} as keys,
      ${searched ? sql`asked.understood` : sql`null`} as understood
    from course_search ${rule.counted ? sql`join course_stats on course_stats.course_id = course_search.course_id` : sql``}
      ${searched ? sql`join asked on course_search.document @@ asked.query` : sql``}
    where ${allOf([...Object.values(facets), ...rest, comesAfter(rule, after?.keys ?? null)])}
    order by ${inOrder(rule)} limit ${limit}`
}

// Zero, but not a constant: it would let the planner walk the primary key, and read every document on the way, for the first few ids.
const unranked = sql`(asked.query is null)::int`

/**
 * Best first, in four tiers: the words are in the title (at its beginning, best of all); in title, subtitle and tags; also in lesson
 * titles; also in the description. The last two are not ranked within, but the course made last comes first: that would read each whole document. The union
 * is read in order and only until the page is full, so what is in many descriptions is not even looked at where titles do.
 */
function byRelevance(
  filter: CatalogueFilter,
  rule: SortRule,
  after: After | null,
  limit: number,
): RawBuilder<ListedRow> {
  const { rest, ...facets } = conditionsOf(filter)
  const allowed = allOf([...Object.values(facets), ...rest])
  const beyond = comesAfter(rule, after?.keys ?? null)
  const tier = (which: number, matches: RawBuilder<unknown>, score: RawBuilder<unknown>) => sql`(
    select found.* from (
      select course_search.course_id, ${sql.lit(which)} as tier, (${score})::int as score, asked.understood
      from asked join course_search on ${matches} where ${allowed}
    ) as found where ${allOf([beyond])}
    order by found.score desc, found.course_id desc limit ${limit})`
  return sql<ListedRow>`
    with ${asked(filter, after?.understood ?? null)}
    select found.course_id as id, ${shownKeys(rule)} as keys, found.understood
    from (
      ${tier(
        4,
        sql`course_search.title @@ asked.query`,
        sql`1000 * ts_rank(course_search.title, asked.query, 2)
          + case when course_search.name = asked.words then 4000 when starts_with(course_search.name, asked.words) then 2000 else 0 end`,
      )} union all
      ${tier(
        3,
        sql`course_search.head @@ asked.query and not course_search.title @@ asked.query`,
        sql`1000 * ts_rank(course_search.head, asked.query, 2)`,
      )} union all
      ${tier(2, sql`course_search.outline @@ asked.query and not course_search.head @@ asked.query`, unranked)} union all
      ${tier(
        1,
        sql`course_search.document @@ asked.query and course_search.course_id not in (
          select course_id from course_search, asked where outline @@ asked.query)`,
        unranked,
      )}
      limit ${limit}
    ) as found
    order by ${inOrder(rule)}`
}

/** The courses that a person teaches, newest first. */
export function findTaught(
  db: Db,
  userId: string,
  filter: { status?: CourseStatus },
  page: { after: string | null; limit: number },
): Promise<CourseRow[]> {
  let query = selectCourses(db)
    .innerJoin('course_instructors', 'course_instructors.course_id', 'courses.id')
    .where('course_instructors.user_id', '=', userId)
  if (filter.status !== undefined) query = query.where('courses.status', '=', filter.status)
  if (page.after !== null) query = query.where('course_instructors.course_id', '<', page.after)
  return query.orderBy('course_instructors.course_id', 'desc').limit(page.limit).execute()
}
