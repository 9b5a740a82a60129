import type { Updateable } from 'kysely'
import type { Courses } from '../../platform/database/schema.ts'
import { badField } from '../../platform/http/refusal.ts'
import { canonicalLanguage } from '../../platform/languages.ts'
import { isCurrency } from '../../platform/money.ts'
import { distinctTags } from './rules.ts'
import type { CourseChange } from './schemas.ts'

/** The columns that the said fields are kept in; those not said are left as they are. */
export function columnsOf(said: CourseChange): Updateable<Courses> {
  const { title, slug, subtitle, description, categoryId, level, language, tags, sequential } = said
  return {
    ...(title === undefined ? {} : { title: title.trim() }),
    ...(slug === undefined ? {} : { slug }),
    ...(subtitle === undefined ? {} : { subtitle: subtitle?.trim() || null }),
    ...(description === undefined ? {} : { description }),
    ...(categoryId === undefined ? {} : { category_id: categoryId }),
    ...(level === undefined ? {} : { level }),
    ...(language === undefined ? {} : { language: languageOf(language) }),
    ...(tags === undefined ? {} : { tags: distinctTags(tags) }),
    ...(sequential === undefined ? {} : { sequential }),
    ...priceColumns(said.price),
  }
}

function languageOf(said: string | null): string | null {
  if (said === null) return null
  const language = canonicalLanguage(said)
  if (language === null) throw badField('/language', 'is not a BCP 47 tag')
  return language
}

function priceColumns(price: CourseChange['price']): Updateable<Courses> {
  if (price === undefined) return {}
  if (price === null) return { price_amount: null, price_currency: null }
  if (!isCurrency(price.currency)) throw badField('/price/currency', 'is not a currency of ISO 4217 in use')
  if (price.amount === 0) return { price_amount: null, price_currency: null }
  return { price_amount: price.amount, price_currency: price.currency }
}

/** What replaces a whole course: a field that is not said is taken away. */
export function asWhole(said: CourseChange): CourseChange {
  const nothing = { subtitle: null, description: null, categoryId: null, level: null, language: null }
  return { ...nothing, tags: [], price: null, sequential: false, ...said }
}
