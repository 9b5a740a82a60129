import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { badField } from '../../platform/http/refusal.ts'
import { isId } from '../../platform/ids.ts'
import { canonicalLanguage } from '../../platform/languages.ts'
import { isCurrency } from '../../platform/money.ts'
import { withinCategory } from './category-queries.ts'
import type { CatalogueFilter } from './listing-schemas.ts'

/** What must hold of a row of `course_search`; each part by the facet that must not be filtered by itself. */
export interface Conditions {
  readonly category: RawBuilder<SqlBool> | null
  readonly level: RawBuilder<SqlBool> | null
  readonly language: RawBuilder<SqlBool> | null
  readonly tag: RawBuilder<SqlBool> | null
  readonly price: RawBuilder<SqlBool> | null
  /** Not a facet. */
  readonly rest: readonly RawBuilder<SqlBool>[]
}

/** The filter as everybody means it: words or none, tags in small letters, a language by its one name. @throws Refusal 400 for a price without its currency, or a currency that is none */
export function readFilter(said: CatalogueFilter): CatalogueFilter {
  for (const field of ['minPrice', 'maxPrice'] as const)
    if (said[field] !== undefined && said.currency === undefined)
      throw badField(`/${field}`, 'needs the currency it is in: give `currency` too')
  if (said.currency !== undefined && !isCurrency(said.currency))
    throw badField('/currency', 'is not a currency of ISO 4217 in use')
  const { q, tag, language, ...rest } = said
  return {
    ...rest,
    ...(q !== undefined && /[\p{L}\p{N}]/u.test(q) ? { q: q.trim() } : {}),
    ...(language === undefined ? {} : { language: canonicalLanguage(language) ?? language }),
    ...(tag?.length ? { tag: [...new Set(tag.map((one) => one.trim().toLowerCase()))].toSorted() } : {}),
  }
}

export function conditionsOf(filter: CatalogueFilter): Conditions {
  const { category, level, language, tag, instructor } = filter
  const teaches = sql<SqlBool>`course_search.course_id in (
    select course_id from course_instructors where user_id = ${instructor})`
  return {
    category:
      category === undefined
        ? null
        : withinCategory('course_search.category_id', isId(category) ? 'id' : 'slug', category),
    level: level === undefined ? null : sql`course_search.level = ${level}`,
    language: language === undefined ? null : sql`course_search.language = ${language}`,
    tag: tag === undefined ? null : sql`course_search.tags @> ${tag}::text[]`,
    price: priceCondition(filter),
    rest: instructor === undefined ? [] : [teaches],
  }
}

function priceCondition({ free, currency, minPrice, maxPrice }: CatalogueFilter): RawBuilder<SqlBool> | null {
  if (free === undefined && currency === undefined) return null
  return sql`(${free ?? null}::boolean is null or (course_search.price_currency = '') = ${free ?? null}::boolean)
    and (${currency ?? null}::text is null or course_search.price_currency in ('', ${currency ?? null}::text))
    and course_search.price_amount between ${minPrice ?? 0}::bigint and ${maxPrice ?? Number.MAX_SAFE_INTEGER}::bigint`
}

/** All of them at once. */
export function allOf(conditions: readonly (RawBuilder<SqlBool> | null)[]): RawBuilder<SqlBool> {
  const said = conditions.filter((condition) => condition !== null)
  return said.length === 0 ? sql`true` : sql`(${sql.join(said, sql` and `)})`
}
