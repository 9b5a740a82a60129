import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Db } from '../../platform/database/database.ts'
import type { CategoryRow } from './category-queries.ts'
import { allOf, conditionsOf } from './listing-filter.ts'
import { asked } from './listing-queries.ts'
import type { CatalogueFilter } from './listing-schemas.ts'

export interface CountRow {
  readonly value: string
  readonly count: number
}

export interface FacetRow {
  readonly total: number
  /** Those that courses are in, and those above them. */
  readonly categories: readonly (CategoryRow & { count: number })[]
  readonly levels: readonly CountRow[]
  readonly languages: readonly CountRow[]
  readonly tags: readonly CountRow[]
  readonly free: number
  readonly paid: number
}

const mostTags = 30

/** The kinds of facets, each a bit. */
const kinds = ['category_id', 'level', 'language', 'tags', 'free'] as const
type Kind = (typeof kinds)[number]

function bitOf(kind: Kind): RawBuilder<number> {
  return sql.lit(1 << kinds.indexOf(kind))
}

/** The kind's bit where its filter keeps a course out. */
function unless(condition: RawBuilder<SqlBool> | null, kind: Kind): RawBuilder<number> {
  return condition === null ? sql`0` : sql`case when (${condition}) then 0 else ${bitOf(kind)} end`
}

/** How many courses there are of each kind, each kind with all filters but its own. One statement, one walk over the courses. */
export async function findFacets(db: Db, filter: CatalogueFilter): Promise<FacetRow> {
  const { rest, category, level, language, tag, price } = conditionsOf(filter)
  const searched = filter.q !== undefined
  const counted = (column: Kind) => sql`(
    select json_agg(json_build_object('value', value, 'count', count) order by count desc, value) from (
      select ${sql.ref(column)}::text as value, sum(count) as count from matched
      where missing in (0, ${bitOf(column)}) group by ${sql.ref(column)}
    ) as counted where value is not null)`
  const { rows } = await sql<FacetRow>`
    with recursive ${searched ? sql`${asked(filter, null)},` : sql``}
    -- what keeps a course out: nothing, or one kind of filter alone, which that kind's counts leave out
    judged as (
      select category_id, level, language, tags, price_currency = '' as free,
        ${unless(category, 'category_id')} + ${unless(level, 'level')} + ${unless(language, 'language')}
          + ${unless(tag, 'tags')} + ${unless(price, 'free')} as missing
      from course_search ${searched ? sql`join asked on course_search.document @@ asked.query` : sql``}
      where ${allOf(rest)}
    ), matched as materialized (
      select category_id, level, language, free, missing, count(*) as count from judged
      where missing in (0, 1, 2, 4, 8, 16) group by category_id, level, language, free, missing
    ), filled as materialized (
      select category_id as id, sum(count) as count from matched
      where category_id is not null and missing in (0, ${bitOf('category_id')}) group by category_id
    ), above as (
      select categories.id, categories.parent_id, filled.count from filled join categories on categories.id = filled.id
      union all
      select categories.id, categories.parent_id, above.count from above join categories on categories.id = above.parent_id
    )
    select (select coalesce(sum(count), 0) from matched where missing = 0) as total,
      coalesce((
        select json_agg(json_build_object('id', categories.id, 'name', categories.name, 'slug', categories.slug,
          'parent_id', categories.parent_id, 'count', summed.count) order by lower(categories.name), categories.id)
        from (select id, sum(count) as count from above group by id) as summed
        join categories on categories.id = summed.id), '[]') as categories,
      coalesce(${counted('level')}, '[]') as levels, coalesce(${counted('language')}, '[]') as languages,
      coalesce((
        select json_agg(json_build_object('value', value, 'count', count) order by count desc, value) from (
          select value, count(*) as count from (
            select unnest(tags) as value from judged where missing in (0, ${bitOf('tags')})) as tagged group by value order by count desc, value limit ${sql.lit(mostTags)}
        ) as counted), '[]') as tags,
      (select coalesce(sum(count), 0) from matched where free and missing in (0, ${bitOf('free')})) as free,
      (select coalesce(sum(count), 0) from matched where not free and missing in (0, ${bitOf('free')})) as paid`.execute(
    db,
  )
  const [row] = rows
  if (!row) throw new Error('The facets were not counted.')
  return row
}
