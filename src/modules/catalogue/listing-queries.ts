import { type SqlBool, sql } from 'kysely'
import type { Db } from '../../platform/database/database.ts'
import type { CourseStatus } from '../../platform/database/schema.ts'
import { type CourseNumbers, courseNumbers, hasNumber, without } from './course-numbers.ts'
import { type CourseRow, selectCourses } from './course-selection.ts'

/** What lists show of courses, of those that are listed. */
export function findCards(db: Db, ids: readonly string[]): Promise<CourseRow[]> {
  return selectCourses(db)
    .innerJoin('course_search', 'course_search.course_id', 'courses.id')
    .where(sql<SqlBool>`courses.id = any(${ids}::uuid[])`)
    .execute()
}

/** The courses that words find, by number, whatever else is asked of them. */
export interface Found {
  /** What the words were understood as; null where nothing is asked. */
  readonly understood: string | null
  readonly numbers: CourseNumbers
}

/** A course by its number, and its score within a tier: `number * scores + score`, which is one value to read and not two. */
export type Scored = number
const scores = 10_000
export const numberOf = (scored: Scored): number => Math.floor(scored / scores)
export const scoreOf = (scored: Scored): number => scored % scores

/** What words find, the best apart; each course once. What is null was not looked for: those before it are enough for most pages. */
export interface Ranked {
  readonly understood: string | null
  /** Where they are in the title; best of all where they are its beginning. */
  readonly titles: readonly Scored[]
  /** In title, subtitle and tags together. */
  readonly heads: readonly Scored[] | null
  readonly rest: {
    /** And in lesson titles. */
    readonly outlines: CourseNumbers
    /** And in the description. */
    readonly documents: CourseNumbers
  } | null
}

/** Words, and what they were understood as before: a page after the first keeps to what the first understood. */
export interface Words {
  readonly q: string
  readonly understood?: string | null
}

// `offset 0`: else the server would put what it understands wherever it is named, and understand twice.
const asked = ({ q, understood }: Words) => sql`asked as materialized (
    select text::tsquery as query, text as understood
    from (
      select ${understood === undefined ? sql`understand_search(${q})` : sql`${understood}::text`} as text offset 0
    ) as meant)`

const numbersIn = (column: 'outline' | 'document') =>
  sql`(select coalesce(json_agg(number), '[]') from asked join course_words on ${sql.ref(column)} @@ asked.query)`

export async function findNumbers(db: Db, words: Words): Promise<Found> {
  const { rows } = await sql<{ understood: string | null; numbers: number[] }>`with ${asked(words)}
    select understood, ${numbersIn('document')} as numbers from asked`.execute(db)
  const { understood = null, numbers = [] } = rows[0] ?? {}
  return { understood, numbers: courseNumbers(numbers) }
}

/** More than the longest page: filters leave some of them. */
const enough = 200

/** @param options.deep to look for all of them, also where there are many titles */
export async function findRanked(db: Db, words: Words, { deep }: { deep: boolean }): Promise<Ranked> {
  const { rows } = await sql<RankedRow>`
    with ${asked(words)}, said as materialized (
      select array_to_string(words_of(${words.q}), ' ') as words
    ), titles as materialized (
      select coalesce(json_agg(number * ${sql.lit(scores)} + (1000 * ts_rank(title, asked.query, 2))::int
        + case when name = said.words then 4000 when starts_with(name, said.words) then 2000 else 0 end), '[]') as scored, count(*) as many
      from said, asked join course_words on title @@ asked.query
    ), heads as materialized (
      select coalesce(json_agg(number * ${sql.lit(scores)} + (1000 * ts_rank(head, asked.query, 2))::int), '[]') as scored, count(*) as many
      from asked join course_search on head @@ asked.query)
    select understood, titles.scored as titles,
      case when ${deep} or titles.many < ${sql.lit(enough)} then (select scored from heads) end as heads,
      case when ${deep} or titles.many < ${sql.lit(enough)} and (select many from heads) < ${sql.lit(enough)} then json_build_object(
        'outlines', ${numbersIn('outline')}, 'documents', ${numbersIn('document')}) end as rest
    from asked, titles`.execute(db)
  const [row] = rows
  return row ? apart(row) : { understood: null, titles: [], heads: [], rest: null }
}

/** Each as it was found: also those that were found by less. */
interface RankedRow {
  readonly understood: string | null
  readonly titles: readonly Scored[]
  readonly heads: readonly Scored[] | null
  readonly rest: { readonly outlines: readonly number[]; readonly documents: readonly number[] } | null
}

function apart({ understood, titles, heads, rest }: RankedRow): Ranked {
  const inTitles = courseNumbers(titles.map(numberOf))
  const inHeads = courseNumbers((heads ?? []).map(numberOf))
  const inOutlines = courseNumbers(rest?.outlines ?? [])
  return {
    understood,
    titles,
    heads: heads?.filter((head) => !hasNumber(inTitles, numberOf(head))) ?? null,
    rest: rest && {
      outlines: without(inOutlines, inHeads),
      documents: without(courseNumbers(rest.documents), inOutlines),
    },
  }
}

/** The listed courses that a person teaches, by number. */
export async function findTaughtNumbers(db: Db, instructor: string): Promise<CourseNumbers> {
  const { rows } = await sql<{ number: number }>`
    select number from course_search join course_instructors using (course_id) where user_id = ${instructor}`.execute(
    db,
  )
  return courseNumbers(rows.map(({ number }) => number))
}

/** The courses that a person teaches, newest first. */
export function findTaught(
  db: Db,
  userId: string,
  filter: { status?: CourseStatus },
  page: { after: string | null; limit: number },
): Promise<CourseRow[]> {
  let query = selectCourses(db)
    .innerJoin('course_instructors', 'course_instructors.course_id', 'courses.id')
    .where('course_instructors.user_id', '=', userId)
  if (filter.status !== undefined) query = query.where('courses.status', '=', filter.status)
  if (page.after !== null) query = query.where('course_instructors.course_id', '<', page.after)
  return query.orderBy('course_instructors.course_id', 'desc').limit(page.limit).execute()
}
