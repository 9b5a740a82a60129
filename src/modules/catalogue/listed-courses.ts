import { isDeepStrictEqual } from 'node:util'
import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/database.ts'
import { createMirror, everyRow, type Kept } from '../../platform/database/mirror.ts'
import { signal } from '../../platform/database/signals.ts'
import type { Deps } from '../../platform/deps.ts'
import { type CategoryRow, findCategoryTree } from './category-queries.ts'
import { wordTopics } from './found-words.ts'
import type { ListedCourse } from './listed-course.ts'
import { keepOrders, type Orders } from './listed-orders.ts'
import { ofCategories } from './page-subjects.ts'

/** Values as small numbers. Those that no course has any more give theirs to others. */
export interface Coded {
  readonly values: readonly string[]
  /** The number of a value; -1 where there is none. */
  readonly codeOf: (value: string | null) => number
}

export interface ListedCourses extends Pick<Orders, 'ordered'> {
  /** By `course_search.number`. */
  readonly courses: ReadonlyMap<number, ListedCourse>
  readonly codes: Readonly<Record<'category' | 'level' | 'language' | 'tags', Coded>>
  /** All of them, by name. */
  readonly categories: readonly CategoryRow[]
}

/** What tells of a course that is another; the order by popularity changes far more often than all others. */
const topics = { listed: 'course.listed', activated: 'course.activated' } as const

/** Keeps all listed courses in memory, some 400 bytes for each, as exact as public pages are. */
export async function keepListedCourses({ db, signals, pages }: Deps): Promise<() => Promise<ListedCourses>> {
  const tree = pages.keep(ofCategories, () => findCategoryTree(db))
  const mirror = await createMirror({
    signals,
    topics: Object.values(topics),
    read: (numbers) => findListed(db, numbers),
    keep: holdListed,
  })
  // A list may have been made between the signal that made its page old and the one that tells of the course.
  signals.on(topics.listed, () => pages.forget('listing'))
  signals.on(topics.activated, () => pages.forget('popularity'))
  return async () => {
    const categories = await tree()
    return { ...(await mirror()), categories }
  }
}

/** Has every process read all listed courses, and what words find, anew: whatever made its memory wrong is over then. */
export async function readListedAnew(tx: Tx): Promise<void> {
  for (const topic of [...Object.values(topics), ...Object.values(wordTopics)])
    await signal(tx, topic, everyRow)
}

/** Listed courses with their codes and orders, which follow each one that is put or removed. */
export function holdListed(): Omit<ListedCourses, 'categories'> & Kept<ListedRow> {
  const codes = { category: coder(), level: coder(), language: coder(), tags: coder() }
  const courses = new Map<number, ListedCourse>()
  const { ordered, move } = keepOrders(courses)

  const take = ({ category, level, language, tags, ...row }: ListedRow): ListedCourse => ({
    ...row,
    category: codes.category.take(category),
    level: codes.level.take(level),
    language: codes.language.take(language),
    tags: tags.map(codes.tags.take),
  })
  const drop = ({ category, level, language, tags }: ListedCourse) => {
    codes.category.drop(category)
    codes.level.drop(level)
    codes.language.drop(language)
    for (const tag of tags) codes.tags.drop(tag)
  }
  return {
    courses,
    codes,
    ordered,
    put(row) {
      const before = courses.get(row.number)
      // First what it has now: what it keeps keeps its code.
      const after = take(row)
      if (before) drop(before)
      // Also a process's own changes are told a second time.
      if (isDeepStrictEqual(before, after)) return
      courses.set(row.number, after)
      move(before, after)
    },
    remove(number) {
      const before = courses.get(number)
      if (!before) return
      drop(before)
      courses.delete(number)
      move(before, undefined)
    },
  }
}

export interface ListedRow extends Omit<ListedCourse, 'category' | 'level' | 'language' | 'tags'> {
  readonly category: string | null
  readonly level: string | null
  readonly language: string | null
  readonly tags: readonly string[]
}

/**
 * Those with these numbers, or all, the newest first, as most lists want them: a thousand as one value, which costs a third of a
 * thousand rows, and is not so large that it would hold up everyone else to read it.
 */
async function findListed(db: Db, numbers: readonly number[] | null): Promise<readonly ListedRow[]> {
  const { rows } = await sql<{ listed: ListedRow[] }>`
    select json_agg(json_build_object('number', number, 'id', course_id,
      'publishedAt', (extract(epoch from published_at) * 1000)::bigint, 'category', category_id, 'level', level,
      'language', language, 'tags', tags, 'currency', price_currency, 'amount', price_amount,
      'activations', activations, 'average', rating_average, 'reviews', rating_count) order by number desc) as listed
    from (
      select *, (row_number() over (order by number desc) - 1) / 1000 as part
      from course_search join course_stats using (course_id)
      where ${numbers}::bigint[] is null or number = any(${numbers}::bigint[])
    ) as found group by part order by part`.execute(db)
  return rows.flatMap(({ listed }) => listed)
}

interface Coder extends Coded {
  /** The code of a value that one more has. */
  readonly take: (value: string | null) => number
  /** One less has the value of this code. */
  readonly drop: (code: number) => void
}

function coder(): Coder {
  const values: string[] = []
  /** How many have the value of each code. */
  const uses: number[] = []
  const known = new Map<string, number>()
  const free: number[] = []
  const codeOf = (value: string | null) => (value === null ? -1 : (known.get(value) ?? -1))
  return {
    values,
    codeOf,
    take(value) {
      if (value === null) return -1
      const code = known.get(value) ?? free.pop() ?? values.length
      known.set(value, code)
      values[code] = value
      uses[code] = (uses[code] ?? 0) + 1
      return code
    },
    drop(code) {
      const value = values[code]
      if (value === undefined) return
      const left = (uses[code] ?? 1) - 1
      uses[code] = left
      if (left > 0) return
      known.delete(value)
      free.push(code)
    },
  }
}
