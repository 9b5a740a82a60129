import { sql } from 'kysely'
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

/** How many courses there are of each kind, each kind with all filters but its own. One statement, one walk over the courses. */
export async function findFacets(db: Db, filter: CatalogueFilter): Promise<FacetRow> {
  const { rest, category, level, language, tag, price } = conditionsOf(filter)
  const searched = filter.q !== undefined
  const counted = (column: string) => sql`(
    select json_agg(json_build_object('value', value, 'count', count) order by count desc, value) from (
      select ${sql.ref(column)}::text as value, count(*) as count from matched
      where missing is null or missing = ${sql.lit(column)} group by ${sql.ref(column)}
    ) as counted where value is not null)`
  const { rows } = await sql<FacetRow>`
    with recursive ${searched ? sql`${asked(filter, null)},` : sql``}
    -- what keeps a course out: nothing, or one kind of filter alone, which that kind's counts leave out
    judged as (
      select category_id, level, language, tags, price_currency = '' as free,
        array_remove(array[case when not coalesce((${allOf([category])}), false) then 'category_id' end,
          case when not coalesce((${allOf([level])}), false) then 'level' end,
          case when not coalesce((${allOf([language])}), false) then 'language' end,
          case when not (${allOf([tag])}) then 'tags' end,
          case when not (${allOf([price])}) then 'free' end], null) as missing_all
      from course_search ${searched ? sql`join asked on course_search.document @@ asked.query` : sql``}
      where ${allOf(rest)}
    ), matched as materialized (
      select category_id, level, language, tags, free, missing_all[1] as missing from judged
      where cardinality(missing_all) < 2
    ), filled as materialized (
      select category_id as id, count(*) as count from matched
      where category_id is not null and (missing is null or missing = 'category_id') group by category_id
    ), above as (
      select categories.id, categories.parent_id, filled.count from filled join categories on categories.id = filled.id
      union all
      select categories.id, categories.parent_id, above.count from above join categories on categories.id = above.parent_id
    )
    select (select count(*) from matched where missing is null) as total,
      coalesce((
        select json_agg(json_build_object('id', categories.id, 'name', categories.name, 'slug', categories.slug,
          'parent_id', categories.parent_id, 'count', summed.count) order by lower(categories.name), categories.id)
        from (select id, sum(count) as count from above group by id) as summed
        join categories on categories.id = summed.id), '[]') as categories,
      coalesce(${counted('level')}, '[]') as levels, coalesce(${counted('language')}, '[]') as languages,
      coalesce((
        select json_agg(json_build_object('value', value, 'count', count) order by count desc, value) from (
          select value, count(*) as count from matched, unnest(tags) as value
          where missing is null or missing = 'tags' group by value order by count desc, value limit ${sql.lit(mostTags)}
        ) as counted), '[]') as tags,
      (select count(*) from matched where free and (missing is null or missing = 'free')) as free,
      (select count(*) from matched where not free and (missing is null or missing = 'free')) as paid`.execute(
    db,
  )
  const [row] = rows
  if (!row) throw new Error('The facets were not counted.')
  return row
}
