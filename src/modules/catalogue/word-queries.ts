import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../platform/database/database.ts'
import { type CourseNumbers, courseNumbers } from './course-numbers.ts'
import { type ScoredCourses, scoredCourses, scores } from './scored-courses.ts'

/** Words, and what they were understood as before: a page after the first keeps to what the first understood. */
export interface Words {
  readonly q: string
  readonly understood?: string | null
}

/** What words find first. */
export interface Best {
  readonly understood: string | null
  /** Where they are in the title; best of all where they are its beginning. */
  readonly titles: ScoredCourses
  /** In title, subtitle and tags together; null where there are enough titles for most pages: it was not looked for. */
  readonly heads: ScoredCourses | null
}

/** The courses that have a word of a group, or of several. */
export interface Holders {
  /** In title, subtitle, tags or lesson titles. */
  readonly outlines: CourseNumbers
  /** There, or in the description. */
  readonly documents: CourseNumbers
}

/** The words of a listed course, ascending by code units; each of these has those before it. */
export interface CourseWords {
  readonly number: number
  readonly title: readonly string[]
  readonly head: readonly string[]
  readonly outline: readonly string[]
  readonly document: readonly string[]
}

// `offset 0`: else the server would put what it understands wherever it is named, and understand twice; and where it knows the words as it
// plans, it may read every document instead of the index.
const asked = ({ q, understood }: Words) => sql`asked as materialized (
    select text::tsquery as query, text as understood
    from (
      select ${understood === undefined ? sql`understand_search(${q})` : sql`${understood}::text`} as text offset 0
    ) as meant)`

const heads = sql`heads as materialized (
      select coalesce(json_agg(number * ${sql.lit(scores)} + (1000 * ts_rank(head, asked.query, 2))::int), '[]') as scored
      from asked join course_search on head @@ asked.query`

/** More than a usual page: filters leave some of them. Where titles are fewer, heads are looked for too. */
export const enough = 50

/** The words of a listed course, each once. */
export interface SpokenWords {
  readonly number: number
  /** Of the title, with one space between. */
  readonly name: string
  /** Of title, subtitle and tags with their places, as PostgreSQL writes them. */
  readonly head: string
  /** Of its lesson titles, where they are not there. */
  readonly lessons: readonly string[]
  /** Of its description, where they are in none of these. */
  readonly description: readonly string[]
}

/** What words mean. */
export interface Meaning {
  readonly understood: string | null
  /** The words themselves, with one space between. */
  readonly words: string
}

export async function findMeaning(db: Db, q: string): Promise<Meaning> {
  const { rows } = await sql<Meaning>`
    select understand_search(${q}) as understood, array_to_string(words_of(${q}), ' ') as words`.execute(db)
  return rows[0] ?? { understood: null, words: '' }
}

/** @param among to look for them only among the courses with these numbers */
export async function findBest(db: Db, words: Words, among?: readonly number[]): Promise<Best> {
  const only = among ? sql`where number = any(${among}::bigint[])` : sql``
  const { rows } = await sql<{ understood: string | null; titles: number[]; heads: number[] | null }>`
    with ${asked(words)}, said as materialized (
      select array_to_string(words_of(${words.q}), ' ') as words
    ), titles as materialized (
      select coalesce(json_agg(number * ${sql.lit(scores)} + (1000 * ts_rank(title, asked.query, 2))::int
        + case when name = said.words then 4000 when starts_with(name, said.words) then 2000 else 0 end), '[]') as scored, count(*) as many
      from said, asked join course_words on title @@ asked.query ${only}
    ), ${heads} ${only})
    select understood, titles.scored as titles,
      case when titles.many < ${sql.lit(enough)} then (select scored from heads) end as heads
    from asked, titles`.execute(db)
  const { understood = null, titles = [], heads: headed = [] } = rows[0] ?? {}
  return { understood, titles: scoredCourses(titles), heads: headed && scoredCourses(headed) }
}

export async function findHeads(
  db: Db,
  understood: string,
  among?: readonly number[],
): Promise<ScoredCourses> {
  const only = among ? sql`where number = any(${among}::bigint[])` : sql``
  const { rows } = await sql<{ scored: number[] }>`
    with ${asked({ q: '', understood })}, ${heads} ${only}) select scored from heads`.execute(db)
  return scoredCourses(rows[0]?.scored ?? [])
}

/** @param group of what words were understood as (`groupsOf`) */
export async function findHolders(db: Db, group: string): Promise<Holders> {
  const numbers = (column: 'outline' | 'document') =>
    sql`(select coalesce(json_agg(number), '[]') from asked join course_words on ${sql.ref(column)} @@ asked.query)`
  const { rows } = await sql<{ outlines: number[]; documents: number[] }>`
    with ${asked({ q: '', understood: group })}
    select ${numbers('outline')} as outlines, ${numbers('document')} as documents`.execute(db)
  const { outlines = [], documents = [] } = rows[0] ?? {}
  return { outlines: courseNumbers(outlines), documents: courseNumbers(documents) }
}

export async function findCourseWords(db: Db, numbers: readonly number[]): Promise<readonly CourseWords[]> {
  const { rows } = await sql<CourseWords>`
    select number, tsvector_to_array(title) as title, tsvector_to_array(head) as head, tsvector_to_array(outline) as outline,
      tsvector_to_array(document) as document
    from course_words join course_search using (number) where number = any(${numbers}::bigint[])`.execute(db)
  return rows.map(({ number, title, head, outline, document }) => ({
    number,
    title: title.toSorted(),
    head: head.toSorted(),
    outline: outline.toSorted(),
    document: document.toSorted(),
  }))
}

/** More at once would hold up everybody else while they are read. */
const spokenAtOnce = 25

export const findSpoken = (db: Db, numbers: readonly number[]) =>
  readSpoken(db, sql`where number = any(${numbers}::bigint[])`)

/** Of the first listed courses whose number is greater. */
export const findSpokenAfter = (db: Db, number: number) =>
  readSpoken(db, sql`where number > ${number} order by number limit ${sql.lit(spokenAtOnce)}`)

type SpokenRow = Omit<SpokenWords, 'lessons' | 'description'> & { lessons: string; description: string }

/** @param which of `course_words`: chosen first, else the server walks over all of the other table before them */
async function readSpoken(db: Db, which: RawBuilder<unknown>): Promise<readonly SpokenWords[]> {
  // No word has a space in it (`words_of`).
  const { rows } = await sql<SpokenRow>`
    select number, name, head::text,
      array_to_string(tsvector_to_array(ts_delete(outline, tsvector_to_array(head))), ' ') as lessons,
      array_to_string(tsvector_to_array(ts_delete(document, tsvector_to_array(outline))), ' ') as description
    from (select * from course_words ${which}) as chosen join course_search using (number) order by number`.execute(
    db,
  )
  return rows.map(({ lessons, description, ...row }) => ({
    ...row,
    lessons: wordsIn(lessons),
    description: wordsIn(description),
  }))
}

const wordsIn = (text: string) => (text === '' ? [] : text.split(' '))
