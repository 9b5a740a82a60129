import { isId } from '../../platform/ids.ts'
import type { FoundKey } from './search-queries.ts'

/** What a cursor of a list by id holds. */
export function isIdKey(value: unknown): value is string {
  return typeof value === 'string' && isId(value)
}

/** What a cursor of a search holds: rank and id. */
export function isFoundKey(value: unknown): value is FoundKey {
  if (typeof value !== 'object' || value === null) return false
  const { rank, id } = value as Partial<FoundKey>
  return Number.isInteger(rank) && Math.abs(Number(rank)) < 100_000 && isIdKey(id)
}
