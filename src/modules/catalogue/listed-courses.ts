import { sql } from 'kysely'
import type { Db } from '../../platform/database/database.ts'
import type { CategoryRow } from './category-queries.ts'

/** Values as small numbers, in the order in which they came. */
export interface Coded {
  readonly values: readonly string[]
  /** The number of a value; -1 where there is none. */
  readonly codeOf: (value: string | null) => number
}

/** What every listed course is filtered and counted by; at the same index, the same course. */
export interface ListedCourses {
  /** The index of a `course_search.number`. */
  readonly indexOf: ReadonlyMap<number, number>
  readonly category: Int32Array
  readonly level: Int32Array
  readonly language: Int32Array
  readonly currency: Int32Array
  readonly amount: Float64Array
  /** The codes of a course's tags. */
  readonly tags: readonly (readonly number[])[]
  readonly codes: Readonly<Record<'category' | 'level' | 'language' | 'currency' | 'tags', Coded>>
  /** All of them, by name. */
  readonly categories: readonly CategoryRow[]
}

interface Columns {
  readonly numbers: readonly number[]
  readonly category: readonly (string | null)[]
  readonly level: readonly (string | null)[]
  readonly language: readonly (string | null)[]
  readonly currency: readonly string[]
  readonly amount: readonly number[]
  readonly tags: readonly (readonly string[])[]
  readonly categories: readonly CategoryRow[]
}

/** Reads them all, in one statement and column by column: some hundred bytes of memory for each. */
export async function findListedCourses(db: Db): Promise<ListedCourses> {
  const { rows } = await sql<Columns>`
    select coalesce(json_agg(number), '[]') as numbers, coalesce(json_agg(category_id), '[]') as category,
      coalesce(json_agg(level), '[]') as level, coalesce(json_agg(language), '[]') as language,
      coalesce(json_agg(price_currency), '[]') as currency, coalesce(json_agg(price_amount), '[]') as amount,
      coalesce(json_agg(tags), '[]') as tags, coalesce((
        select json_agg(json_build_object('id', id, 'name', name, 'slug', slug, 'parent_id', parent_id)
          order by lower(name), id) from categories), '[]') as categories
    from course_search`.execute(db)
  const [read] = rows
  if (!read) throw new Error('The listed courses were not read.')
  const codes = { category: coder(), level: coder(), language: coder(), currency: coder(), tags: coder() }
  return {
    indexOf: new Map(read.numbers.map((number, index) => [number, index])),
    category: Int32Array.from(read.category, codes.category.take),
    level: Int32Array.from(read.level, codes.level.take),
    language: Int32Array.from(read.language, codes.language.take),
    currency: Int32Array.from(read.currency, codes.currency.take),
    amount: Float64Array.from(read.amount),
    tags: read.tags.map((tags) => tags.map(codes.tags.take)),
    codes,
    categories: read.categories,
  }
}

function coder(): Coded & { readonly take: (value: string | null) => number } {
  const values: string[] = []
  const known = new Map<string, number>()
  const codeOf = (value: string | null) => (value === null ? -1 : (known.get(value) ?? -1))
  return {
    values,
    codeOf,
    take: (value) => {
      if (value === null || known.has(value)) return codeOf(value)
      known.set(value, values.length)
      return values.push(value) - 1
    },
  }
}
