import type { Place } from './course-places.ts'
import { type ScoredCourses, scoredCourses, scores } from './scored-courses.ts'
import { type FoundWord, type Position, type RankedQuery, rank } from './text-rank.ts'

/** What scores depend on: title, subtitle and tags of a course. */
export interface CourseHead {
  readonly number: number
  /** The words of the title, with one space between. */
  readonly name: string
  /** In turns the id of a word and a position of it; words by the order of their bytes. */
  readonly said: readonly number[]
  /** The same of the title alone: most questions are of titles, and these are a quarter of all. */
  readonly titled: readonly number[]
}

/** What is asked: by the id of each word, by which forms it is found. */
export interface AskedWords {
  readonly query: RankedQuery
  readonly formsOf: Int32Array
}

/** Whether it weighs A. */
export const isInTitle = (position: Position): boolean => position >= 3 * 2 ** 14
/** A title that is what was asked, or begins with it. */
const isName = 4_000
const isBeginning = 2_000

/** Of those of these courses whose title has what is asked. @param words the words as they were said */
export function scoreTitles(
  heads: readonly (CourseHead | null)[],
  among: Iterable<Place>,
  asked: AskedWords,
  words: string,
): ScoredCourses {
  return scoreEach(heads, among, (head) => {
    const score = scoreOf(head.titled, asked)
    if (score === null || !head.name.startsWith(words)) return score
    return score + (head.name === words ? isName : isBeginning)
  })
}

/** Of those of these courses that have what is asked in title, subtitle and tags together. */
export function scoreHeads(
  heads: readonly (CourseHead | null)[],
  among: Iterable<Place>,
  asked: AskedWords,
): ScoredCourses {
  return scoreEach(heads, among, ({ said }) => scoreOf(said, asked))
}

function scoreEach(
  heads: readonly (CourseHead | null)[],
  among: Iterable<Place>,
  score: (head: CourseHead) => number | null,
): ScoredCourses {
  const found: number[] = []
  for (const place of among) {
    const head = heads[place]
    const its = head ? score(head) : null
    if (head && its !== null) found.push(head.number * scores + its)
  }
  return scoredCourses(found)
}

/** What `(1000 * ts_rank(…))::int` is in PostgreSQL; null where not all is found. */
function scoreOf(said: readonly number[], { query, formsOf }: AskedWords): number | null {
  let found = 0
  for (let at = 0; at < said.length; at += 2) found |= formsOf[said[at] ?? 0] ?? 0
  for (const group of query.groups) if ((group & found) === 0) return null
  return roundHalfToEven(1_000 * rank(query, wordsOf(said, formsOf), said.length / 2))
}

function wordsOf(said: readonly number[], formsOf: Int32Array): FoundWord[] {
  const words: FoundWord[] = []
  let positions: Position[] = []
  let last = -1
  for (let at = 0; at < said.length; at += 2) {
    const id = said[at] ?? 0
    const position = said[at + 1] ?? 0
    const forms = formsOf[id] ?? 0
    if (forms === 0) continue
    if (id !== last) {
      positions = []
      words.push({ forms, positions })
    }
    positions.push(position)
    last = id
  }
  return words
}

function roundHalfToEven(value: number): number {
  return Math.floor(value) + 0.5 === value ? 2 * Math.round(value / 2) : Math.round(value)
}
