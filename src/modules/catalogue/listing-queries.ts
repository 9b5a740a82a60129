import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Db } from '../../platform/database/database.ts'
import type { CourseLevel, CourseStatus } from '../../platform/database/schema.ts'
import { isId } from '../../platform/ids.ts'
import { withinCategory } from './category-queries.ts'
import { type CourseRow, selectCourses } from './course-selection.ts'

export interface CatalogueFilter {
  readonly q?: string
  readonly category?: string
  readonly level?: CourseLevel
  readonly language?: string
  readonly free?: boolean
}

/** The sort keys of the catalogue: when it was published (milliseconds since 1970), then id; newest first. */
export type CatalogueKey = readonly [publishedAt: number, id: string]

export function findPublished(
  db: Db,
  filter: CatalogueFilter,
  page: { after: CatalogueKey | null; limit: number },
): Promise<CourseRow[]> {
  const { q, category, level, language, free } = filter
  // the status is said in the text, so that a plan for any parameters can use the partial indexes
  let query = selectCourses(db).where(
    sql<SqlBool>`courses.status = 'published' and courses.hidden_at is null`,
  )
  if (q !== undefined) query = query.where(hasWords(q))
  if (category !== undefined)
    query = query.where(withinCategory('courses.category_id', isId(category) ? 'id' : 'slug', category))
  if (level !== undefined) query = query.where('courses.level', '=', level)
  if (language !== undefined) query = query.where('courses.language', '=', language)
  if (free !== undefined) query = query.where('courses.price_amount', free ? 'is' : 'is not', null)
  if (page.after) {
    const [publishedAt, id] = page.after
    query = query.where(
      sql<SqlBool>`(courses.published_at, courses.id) < (${new Date(publishedAt)}, ${id}::uuid)`,
    )
  }
  return query
    .orderBy('courses.published_at', 'desc')
    .orderBy('courses.id', 'desc')
    .limit(page.limit)
    .execute()
}

/** Condition: every word stands in the title or subtitle, also as a part of a longer one. The longest finds by the index. */
function hasWords(q: string): RawBuilder<SqlBool> {
  const words = q.split(/\s+/).toSorted((a, b) => b.length - a.length)
  const patterns = words.map((word) => `%${word.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`)
  const text = sql`(courses.title || ' ' || coalesce(courses.subtitle, ''))`
  return sql<SqlBool>`(${text} ilike ${patterns[0]} and ${text} ilike all (${patterns.slice(1)}::text[]))`
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
