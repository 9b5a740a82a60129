import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Db } from '../../platform/database/database.ts'
import type { CourseStatus } from '../../platform/database/schema.ts'
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
  readonly numbers: readonly number[]
}

/** A course by its number, and its score within a tier: `number * scores + score`, which is one value to read and not two. */
export type Scored = number
export const scores = 10_000

/** What words find, the best apart. */
export interface Ranked {
  readonly understood: string | null
  /** Where they are in the title; best of all where they are its beginning. */
  readonly titles: readonly Scored[]
  /** Null where it was not looked for: titles are enough for most pages. */
  readonly others: {
    /** In title, subtitle and tags together. */
    readonly heads: readonly Scored[]
    /** And in lesson titles. */
    readonly outlines: readonly number[]
    /** And in the description: all that they find. */
    readonly documents: readonly number[]
  } | null
}

/** Words, and what they were understood as before: a page after the first keeps to what the first understood. */
export interface Words {
  readonly q: string
  readonly understood?: string | null
}

// `offset 0`: else the server would put what it understands wherever it is named, and understand twice.
const asked = ({ q, understood }: Words) => sql`asked as materialized (
    select text::tsquery as query, text as understood, array_to_string(words_of(${q}), ' ') as words
    from (
      select ${understood === undefined ? sql`understand_search(${q})` : sql`${understood}::text`} as text offset 0
    ) as meant)`

const all = (numbers: RawBuilder<unknown>, where: RawBuilder<unknown>) =>
  sql`(select coalesce(json_agg(${numbers}), '[]') from asked join ${where})`

const inDocuments = all(sql`number`, sql`course_words on document @@ asked.query`)

export async function findNumbers(db: Db, words: Words): Promise<Found> {
  const { rows } = await sql<Found>`with ${asked(words)}
    select understood, ${inDocuments} as numbers from asked`.execute(db)
  return rows[0] ?? { understood: null, numbers: [] }
}

/** More than the longest page: filters leave some of them. */
const enough = 200

/** @param options.deep to look for the others also where there are many titles */
export async function findRanked(db: Db, words: Words, { deep }: { deep: boolean }): Promise<Ranked> {
  const { rows } = await sql<Ranked>`
    with ${asked(words)}, titles as materialized (
      select number, (1000 * ts_rank(title, asked.query, 2)
        + case when name = asked.words then 4000 when starts_with(name, asked.words) then 2000 else 0 end)::int as score
      from asked join course_words on title @@ asked.query)
    select understood,
      (select coalesce(json_agg(number * ${sql.lit(scores)} + score), '[]') from titles) as titles,
      case when ${deep} or (select count(*) from titles) < ${sql.lit(enough)} then json_build_object(
        'heads', ${all(
          sql`number * ${sql.lit(scores)} + (1000 * ts_rank(head, asked.query, 2))::int`,
          sql`course_search on head @@ asked.query`,
        )},
        'outlines', ${all(sql`number`, sql`course_words on outline @@ asked.query`)},
        'documents', ${inDocuments}) end as others
    from asked`.execute(db)
  return rows[0] ?? { understood: null, titles: [], others: null }
}

/** The listed courses that a person teaches, by number. */
export async function findTaughtNumbers(db: Db, instructor: string): Promise<readonly number[]> {
  const { rows } = await sql<{ number: number }>`
    select number from course_search join course_instructors using (course_id) where user_id = ${instructor}`.execute(
    db,
  )
  return rows.map(({ number }) => number)
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
