import { isId } from '../../platform/ids.ts'
import type { CategoryKey } from './category-queries.ts'
import type { CatalogueKey } from './listing-queries.ts'

// The last moment that a Date can hold (ECMA-262, section 21.4.1.1).
const lastMoment = 8.64e15

export function isCategoryKey(value: unknown): value is CategoryKey {
  return Array.isArray(value) && value.length === 2 && typeof value[0] === 'string' && isIdKey(value[1])
}

export function isCatalogueKey(value: unknown): value is CatalogueKey {
  if (!Array.isArray(value) || value.length !== 2) return false
  const [publishedAt, id] = value
  return Number.isInteger(publishedAt) && publishedAt >= 0 && publishedAt <= lastMoment && isIdKey(id)
}

export function isIdKey(value: unknown): value is string {
  return typeof value === 'string' && isId(value)
}

export function isPositionKey(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) > 0 && Number(value) < 2 ** 31
}
