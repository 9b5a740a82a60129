import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Db } from '../../platform/database/database.ts'
import type { CourseStatus } from '../../platform/database/schema.ts'
import { type CourseRow, selectCourses } from './course-selection.ts'
import type { After } from './listing-cursor.ts'
import { allOf, conditionsOf, isTaughtBy } from './listing-filter.ts'
import type { CatalogueFilter } from './listing-schemas.ts'
import type { SortKeys } from './listing-sorts.ts'

/** A course of a page; what is shown of it is a card (`findCards`). */
export interface ListedRow {
  readonly id: string
  readonly keys: SortKeys
  /** What the words were understood as; null without words. */
  readonly understood: string | null
}

/** What lists show of courses, of those that are listed. */
export function findCards(db: Db, ids: readonly string[]): Promise<CourseRow[]> {
  return selectCourses(db)
    .innerJoin('course_search', 'course_search.course_id', 'courses.id')
    .where(sql<SqlBool>`courses.id = any(${ids}::uuid[])`)
    .execute()
}

/** The words of a search, for the statement's `with`. A page after the first keeps to what the first understood. */
function asked(filter: CatalogueFilter, understood: string | null): RawBuilder<unknown> {
  const meaning = understood === null ? sql`understand_search(${filter.q})` : sql`${understood}::text`
  return sql`asked as materialized (
    select text::tsquery as query, text as understood, array_to_string(words_of(${filter.q}), ' ') as words
    from (select ${meaning} as text) as meant)`
}

/** The courses that words and instructor find, by number. */
export interface Found {
  readonly numbers: readonly number[]
  readonly understood: string | null
}

/** Null where the filter says neither words nor instructor. */
export async function findNumbers(
  db: Db,
  { q, instructor }: CatalogueFilter,
  understood: string | null,
): Promise<Found | null> {
  if (q === undefined && instructor === undefined) return null
  const { rows } = await sql<Found>`
    ${q === undefined ? sql`` : sql`with ${asked({ q }, understood)}`}
    select coalesce(json_agg(course_search.number), '[]') as numbers,
      ${q === undefined ? sql`null` : sql`(select understood from asked)`} as understood
    from course_search ${q === undefined ? sql`` : sql`join asked on course_search.document @@ asked.query`}
    where ${instructor === undefined ? sql`true` : isTaughtBy(instructor)}`.execute(db)
  return rows[0] ?? null
}

// Zero, but not a constant: it would let the planner walk the primary key, and read every document on the way, for the first few ids.
const unranked = sql`(asked.query is null)::int`

/**
 * What words find, best first, in four tiers: the words are in the title (at its beginning, best of all); in title, subtitle and tags; also in lesson
 * titles; also in the description. The last two are not ranked within, but the course made last comes first: that would read each whole document. The union
 * is read in order and only until the page is full, so what is in many descriptions is not even looked at where titles do.
 */
export async function findMostRelevant(
  db: Db,
  filter: CatalogueFilter,
  { after, limit }: { after: After | null; limit: number },
): Promise<readonly ListedRow[]> {
  const allowed = allOf(conditionsOf(filter))
  const [lastTier, lastScore, lastId] = after?.keys ?? []
  const beyond = after
    ? sql`(found.tier, found.score, found.course_id) < (${lastTier}::bigint, ${lastScore}::bigint, ${lastId}::uuid)`
    : sql`true`
  const tier = (which: number, matches: RawBuilder<unknown>, score: RawBuilder<unknown>) => sql`(
    select found.* from (
      select course_search.course_id, ${sql.lit(which)} as tier, (${score})::int as score, asked.understood
      from asked join course_search on ${matches} where ${allowed}
    ) as found where ${beyond}
    order by found.score desc, found.course_id desc limit ${limit})`
  const { rows } = await sql<ListedRow>`
    with ${asked(filter, after?.understood ?? null)}
    select found.course_id as id, json_build_array(found.tier, found.score, found.course_id) as keys, found.understood
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
    order by found.tier desc, found.score desc, found.course_id desc`.execute(db)
  return rows
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
