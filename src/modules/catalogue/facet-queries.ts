import { sql } from 'kysely'
import type { Db } from '../../platform/database/database.ts'
import { allOf, conditionsOf } from './listing-filter.ts'
import { asked } from './listing-queries.ts'
import type { CatalogueFilter } from './listing-schemas.ts'

/** The numbers of the courses that words and instructor leave; null where the filter has neither. */
export async function findNumbers(db: Db, filter: CatalogueFilter): Promise<readonly number[] | null> {
  const { rest } = conditionsOf(filter)
  const searched = filter.q !== undefined
  if (!searched && rest.length === 0) return null
  const { rows } = await sql<{ numbers: number[] }>`
    ${searched ? sql`with ${asked(filter, null)}` : sql``}
    select coalesce(json_agg(course_search.number), '[]') as numbers
    from course_search ${searched ? sql`join asked on course_search.document @@ asked.query` : sql``}
    where ${allOf(rest)}`.execute(db)
  return rows[0]?.numbers ?? []
}
