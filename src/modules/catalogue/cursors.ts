import { isIdKey } from '../../platform/http/pagination.ts'
import type { CategoryKey } from './category-queries.ts'

export function isCategoryKey(value: unknown): value is CategoryKey {
  return Array.isArray(value) && value.length === 2 && typeof value[0] === 'string' && isIdKey(value[1])
}
