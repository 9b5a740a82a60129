import { hash } from 'node:crypto'
import { badField } from '../../platform/http/refusal.ts'
import type { CatalogueFilter, Sort } from './listing-schemas.ts'
import { areKeys, type SortKeys } from './listing-sorts.ts'
import { isUnderstood } from './understanding.ts'

/**
 * Where a page ended: for which list, what its words were understood as (a word that somebody publishes in between must not change what a
 * misspelled one stands for), and the last row's sort keys.
 */
export type CatalogueCursor = readonly [list: string, understood: string | null, ...keys: SortKeys]

export interface After {
  readonly understood: string | null
  readonly keys: SortKeys
}

/** The mark of a list: a cursor of another filter or sort is none of this one. */
export function markOf(filter: CatalogueFilter, sort: Sort): string {
  const said = Object.entries(filter).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return hash('sha1', JSON.stringify([sort, said]), 'base64url').slice(0, 10)
}

export function isCatalogueCursor(value: unknown): value is CatalogueCursor {
  if (!Array.isArray(value) || value.length < 3) return false
  const [list, understood] = value
  return typeof list === 'string' && (understood === null || isUnderstood(understood))
}

/** The cursor after a row. */
export function cursorOf(
  list: string,
  { keys, understood }: { keys: SortKeys; understood: string | null },
): CatalogueCursor {
  return [list, understood, ...keys]
}

/** @throws Refusal 400 where it is a cursor of another list */
export function readCursor(cursor: CatalogueCursor | null, list: string, sort: Sort): After | null {
  if (!cursor) return null
  const [mark, understood, ...keys] = cursor
  if (mark !== list || !areKeys(sort, keys))
    throw badField('/cursor', 'is a cursor of another list: keep filters and sort as they were')
  return { understood, keys }
}
