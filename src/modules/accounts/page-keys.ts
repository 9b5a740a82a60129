import { isIdKey } from '../../platform/http/pagination.ts'
import type { FoundKey } from './search-queries.ts'

/** What a cursor of a search holds: rank and id. */
export function isFoundKey(value: unknown): value is FoundKey {
  if (typeof value !== 'object' || value === null) return false
  const { rank, id } = value as Partial<FoundKey>
  return Number.isInteger(rank) && Math.abs(Number(rank)) < 100_000 && isIdKey(id)
}
