import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { badField } from '../../platform/http/refusal.ts'
import { isId } from '../../platform/ids.ts'
import { canonicalLanguage } from '../../platform/languages.ts'
import { isCurrency } from '../../platform/money.ts'
import { withinCategory } from './category-queries.ts'
import type { CatalogueFilter } from './listing-schemas.ts'

/** The filter as everybody means it: words or none, tags in small letters, a language by its one name. @throws Refusal 400 for a price without its currency, a currency or a language that is none */
export function readFilter(said: CatalogueFilter): CatalogueFilter {
  for (const field of ['minPrice', 'maxPrice'] as const)
    if (said[field] !== undefined && said.currency === undefined)
      throw badField(`/${field}`, 'needs the currency it is in: give `currency` too')
  if (said.currency !== undefined && !isCurrency(said.currency))
    throw badField('/currency', 'is not a currency of ISO 4217 in use')
  const { q, tag, language: spelled, ...rest } = said
  const language = spelled === undefined ? undefined : canonicalLanguage(spelled)
  if (language === null) throw badField('/language', 'is not a BCP 47 tag')
  return {
    ...rest,
    ...(q !== undefined && /[\p{L}\p{N}]/u.test(q) ? { q: q.trim() } : {}),
    ...(language === undefined ? {} : { language }),
    ...(tag?.length ? { tag: [...new Set(tag.map((one) => one.trim().toLowerCase()))].toSorted() } : {}),
  }
}

/** What must hold of a row of `course_search`, besides the words. The same as `testsOf`, for searches by relevance, which the database pages. */
export function conditionsOf(filter: CatalogueFilter): readonly RawBuilder<SqlBool>[] {
  const { category, level, language, tag, instructor } = filter
  return [
    category === undefined
      ? null
      : withinCategory('course_search.category_id', isId(category) ? 'id' : 'slug', category),
    level === undefined ? null : sql<SqlBool>`course_search.level = ${level}`,
    language === undefined ? null : sql<SqlBool>`course_search.language = ${language}`,
    tag === undefined ? null : sql<SqlBool>`course_search.tags @> ${tag}::text[]`,
    instructor === undefined ? null : isTaughtBy(instructor),
    priceCondition(filter),
  ].filter((condition) => condition !== null)
}

export function isTaughtBy(instructor: string): RawBuilder<SqlBool> {
  return sql<SqlBool>`course_search.course_id in (
    select course_id from course_instructors where user_id = ${instructor})`
}

function priceCondition({ free, currency, minPrice, maxPrice }: CatalogueFilter): RawBuilder<SqlBool> | null {
  if (free === undefined && currency === undefined) return null
  return sql`(${free ?? null}::boolean is null or (course_search.price_currency = '') = ${free ?? null}::boolean)
    and (${currency ?? null}::text is null or course_search.price_currency in ('', ${currency ?? null}::text))
    and course_search.price_amount between ${minPrice ?? 0}::bigint and ${maxPrice ?? Number.MAX_SAFE_INTEGER}::bigint`
}

/** All of them at once. */
export function allOf(conditions: readonly RawBuilder<SqlBool>[]): RawBuilder<SqlBool> {
  return conditions.length === 0 ? sql`true` : sql`(${sql.join(conditions, sql` and `)})`
}
