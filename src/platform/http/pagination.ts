import { Type } from 'typebox'
import { isId } from '../ids.ts'
import { badField } from './refusal.ts'

/** The query fields of every list. */
export const pageQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })),
  cursor: Type.Optional(
    Type.String({ maxLength: 1_000, description: 'The `nextCursor` of the page before.' }),
  ),
}

const defaultLimit = 20

/** What a list is asked for: at most `limit` rows, those after the row with the keys `after`. */
export interface PageRequest<Key> {
  readonly limit: number
  readonly after: Key | null
}

/**
 * Reads `limit` and `cursor`.
 * @param isKey whether what the cursor holds can be the sort keys of this list
 * @throws Refusal 400 where the cursor is not one that we gave for this list
 */
export function readPage<Key>(
  query: { limit?: number; cursor?: string },
  isKey: (value: unknown) => value is Key,
): PageRequest<Key> {
  const limit = query.limit ?? defaultLimit
  if (query.cursor === undefined) return { limit, after: null }
  const after = decode(query.cursor)
  if (!isKey(after)) throw badField('/cursor', 'is not a cursor that this list gave')
  return { limit, after }
}

/** What the cursor of a list by id holds. */
export function isIdKey(value: unknown): value is string {
  return typeof value === 'string' && isId(value)
}

/**
 * Makes the page of rows that were read with `limit + 1`: the one too many tells that there are more.
 * @param keyOf the sort keys of a row, unique and in the order of the list
 */
export function toPage<Row, Key>(
  rows: readonly Row[],
  limit: number,
  keyOf: (row: Row) => Key,
): { items: Row[]; nextCursor: string | null } {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return { items, nextCursor: rows.length > limit && last !== undefined ? encode(keyOf(last)) : null }
}

/** The JSON of a page whose items are JSON already, written at once: a text of all of it would be made only to be read again. */
export function pageBytes(items: readonly string[], nextCursor: string | null): Buffer {
  const [start, end] = ['{"items":[', `],"nextCursor":${JSON.stringify(nextCursor)}}`]
  const size = items.reduce((sum, item) => sum + Buffer.byteLength(item) + 1, start.length + end.length)
  const bytes = Buffer.allocUnsafe(size)
  let at = bytes.write(start)
  for (const [index, item] of items.entries()) {
    if (index > 0) at += bytes.write(',', at)
    at += bytes.write(item, at)
  }
  at += bytes.write(end, at)
  return bytes.subarray(0, at)
}

function encode(key: unknown): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url')
}

function decode(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}
