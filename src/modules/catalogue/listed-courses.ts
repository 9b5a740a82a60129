import { sql } from 'kysely'
import type { Db } from '../../platform/database/database.ts'
import { createMirror } from '../../platform/database/mirror.ts'
import type { Deps } from '../../platform/deps.ts'
import { type CategoryRow, findCategoryTree } from './category-queries.ts'
import { ofCategories } from './page-subjects.ts'

/** What a listed course is filtered, counted and sorted by. Its category, level, language and tags are codes; -1 is none. */
export interface ListedCourse {
  readonly number: number
  readonly id: string
  /** Milliseconds since 1970. */
  readonly publishedAt: number
  readonly category: number
  readonly level: number
  readonly language: number
  readonly tags: readonly number[]
  /** '' is free. */
  readonly currency: string
  readonly amount: number
  readonly activations: number
  readonly average: number
  readonly reviews: number
}

/** Values as small numbers, in the order in which they came. They are never taken away. */
export interface Coded {
  readonly values: readonly string[]
  /** The number of a value; -1 where there is none. */
  readonly codeOf: (value: string | null) => number
}

export interface ListedCourses {
  /** By `course_search.number`. */
  readonly courses: ReadonlyMap<number, ListedCourse>
  /** Another one whenever a course is another. */
  readonly version: number
  readonly codes: Readonly<Record<'category' | 'level' | 'language' | 'tags', Coded>>
  /** All of them, by name. */
  readonly categories: readonly CategoryRow[]
}

/** Keeps all listed courses in memory, some 400 bytes for each, as exact as public pages are. */
export async function keepListedCourses({ db, signals, pages }: Deps): Promise<() => Promise<ListedCourses>> {
  const codes = { category: coder(), level: coder(), language: coder(), tags: coder() }
  const tree = pages.keep(ofCategories, () => findCategoryTree(db))
  const mirror = await createMirror({
    signals,
    topic: 'course.listed',
    read: async (numbers) =>
      (await findListed(db, numbers)).map(({ category, level, language, tags, ...row }) => ({
        ...row,
        category: codes.category.take(category),
        level: codes.level.take(level),
        language: codes.language.take(language),
        tags: tags.map(codes.tags.take),
      })),
  })
  return async () => {
    const [{ rows: courses, version }, categories] = await Promise.all([mirror(), tree()])
    return { courses, version, codes, categories }
  }
}

interface ListedRow extends Omit<ListedCourse, 'category' | 'level' | 'language' | 'tags'> {
  readonly category: string | null
  readonly level: string | null
  readonly language: string | null
  readonly tags: readonly string[]
}

/** Those with these numbers, or all: as one value, which costs a third of ten thousand rows. The newest first, as most lists want them. */
async function findListed(db: Db, numbers: readonly number[] | null): Promise<readonly ListedRow[]> {
  const { rows } = await sql<{ listed: ListedRow[] }>`
    select coalesce(json_agg(json_build_object('number', number, 'id', course_id,
      'publishedAt', (extract(epoch from published_at) * 1000)::bigint, 'category', category_id, 'level', level,
      'language', language, 'tags', tags, 'currency', price_currency, 'amount', price_amount,
      'activations', activations, 'average', rating_average, 'reviews', rating_count) order by number desc), '[]') as listed
    from course_search join course_stats using (course_id)
    where ${numbers}::bigint[] is null or number = any(${numbers}::bigint[])`.execute(db)
  return rows[0]?.listed ?? []
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
