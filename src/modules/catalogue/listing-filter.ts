import { badField } from '../../platform/http/refusal.ts'
import { canonicalLanguage } from '../../platform/languages.ts'
import { isCurrency } from '../../platform/money.ts'
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
