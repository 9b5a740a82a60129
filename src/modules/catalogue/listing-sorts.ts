import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { isIdKey } from '../../platform/http/pagination.ts'
import type { Sort } from './listing-schemas.ts'

/** The sort keys of a course as its cursor holds them; the last is its id. */
export type SortKeys = readonly (number | string)[]

interface SortKey {
  readonly column: RawBuilder<unknown>
  /** The column's value as JSON, and back. */
  readonly shown: RawBuilder<unknown>
  readonly read: (value: number | string) => RawBuilder<unknown>
  readonly isValid: (value: unknown) => boolean
}

export interface SortRule {
  readonly direction: 'asc' | 'desc'
  readonly keys: readonly SortKey[]
  /** Whether keys are counters of `course_stats`. */
  readonly counted?: true
}

const count = (name: string): SortKey => ({
  column: sql.ref(name),
  shown: sql.ref(name),
  read: (value) => sql`${value}::bigint`,
  isValid: (value) => Number.isSafeInteger(value),
})
const average = (name: string): SortKey => ({
  ...count(name),
  read: (value) => sql`${value}::numeric`,
  isValid: (value) => typeof value === 'number' && Number.isFinite(value),
})
const text = (name: string): SortKey => ({
  ...count(name),
  read: (value) => sql`${value}::text`,
  isValid: (value) => typeof value === 'string' && value.length < 100,
})
const id = (name: string): SortKey => ({
  ...text(name),
  read: (value) => sql`${value}::uuid`,
  isValid: isIdKey,
})
// The last moment that a Date can hold (ECMA-262, section 21.4.1.1).
const lastMoment = 8.64e15
const moment = (name: string): SortKey => ({
  column: sql.ref(name),
  shown: sql`(extract(epoch from ${sql.ref(name)}) * 1000)::bigint`,
  read: (value) => sql`${new Date(Number(value))}::timestamptz`,
  isValid: (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= lastMoment,
})

const course = id('course_search.course_id')
const price = [text('course_search.price_currency'), count('course_search.price_amount'), course]

/** Each but relevance is the order of an index. */
export const sorts: Readonly<Record<Sort, SortRule>> = {
  relevance: { direction: 'desc', keys: [count('found.tier'), count('found.score'), id('found.course_id')] },
  newest: { direction: 'desc', keys: [moment('course_search.published_at'), course] },
  popular: {
    counted: true,
    direction: 'desc',
    keys: [count('course_stats.activations'), id('course_stats.course_id')],
  },
  rating: {
    counted: true,
    direction: 'desc',
    keys: [
      average('course_stats.rating_average'),
      count('course_stats.rating_count'),
      id('course_stats.course_id'),
    ],
  },
  price: { direction: 'asc', keys: price },
  price_desc: { direction: 'desc', keys: price },
}

/** Relevance is to words; where there are none, the newest come first. */
export function sortOf(wish: Sort | undefined, { q }: { q?: string }): Sort {
  if (q === undefined) return wish === undefined || wish === 'relevance' ? 'newest' : wish
  return wish ?? 'relevance'
}

export function areKeys({ keys }: SortRule, values: readonly unknown[]): values is SortKeys {
  return values.length === keys.length && keys.every(({ isValid }, index) => isValid(values[index]))
}

/** The keys of a row as one JSON array. */
export function shownKeys({ keys }: SortRule): RawBuilder<SortKeys> {
  return sql<SortKeys>`json_build_array(${sql.join(keys.map(({ shown }) => shown))})`
}

export function inOrder({ keys, direction }: SortRule): RawBuilder<unknown> {
  const turn = sql.raw(direction)
  return sql.join(keys.map(({ column }) => sql`${column} ${turn}`))
}

/** Condition: the row comes after the one with these keys. */
export function comesAfter(
  { keys, direction }: SortRule,
  values: SortKeys | null,
): RawBuilder<SqlBool> | null {
  if (!values) return null
  const said = keys.map(({ read }, index) => read(values[index] ?? ''))
  const beyond = sql.raw(direction === 'asc' ? '>' : '<')
  return sql`(${sql.join(keys.map(({ column }) => column))}) ${beyond} (${sql.join(said)})`
}
