import type { Db } from '../../platform/database/database.ts'
import { type Changed, createFollower } from '../../platform/database/follower.ts'
import { createLargeMirror } from '../../platform/database/large-mirror.ts'
import type { Deps } from '../../platform/deps.ts'
import { inAll, withNumber } from './course-numbers.ts'
import { holdVocabulary } from './course-vocabulary.ts'
import { replaced, type ScoredCourses, scoredCourses } from './scored-courses.ts'
import { groupsOf, hasOneOf } from './understanding.ts'
import {
  type Best,
  type CourseWords,
  findBest,
  findCourseWords,
  findHeads,
  findHolders,
  findMeaning,
  findSpoken,
  findSpokenAfter,
  type Holders,
  type Meaning,
  type Words,
} from './word-queries.ts'

/** What tells of a course that words find otherwise, by its number; and that a misspelled word can mean another. */
export const wordTopics = { found: 'course.words', spelled: 'course.spelled' } as const

/** What words find: it depends neither on filters nor on sort or page. @param db what is asked where it is not in memory */
export interface FoundWords {
  understood(db: Db, q: string): Promise<string | null>
  best(db: Db, words: Words): Promise<Best>
  /** Where they are in title, subtitle and tags together. */
  heads(db: Db, understood: string | null): Promise<ScoredCourses>
  /** The courses that have all of what was understood. */
  holders(db: Db, understood: string | null): Promise<Holders>
}

const mostBytes = 8 * 1024 * 1024

interface Headed {
  readonly understood: string
  readonly heads: ScoredCourses
}
interface Held {
  readonly group: string
  readonly holders: Holders
}

/**
 * Keeps what words find as exact as public pages are. All words of the catalogue are in memory, unless they are being read or are too
 * many; the database is asked what a question means. Else it is asked who has the words, too. What was found is kept: when the words of a
 * course change, memory is asked whether these find it now, and the database only for its score. Only what the primary says is kept: a replica may be some seconds behind.
 * @param options.mostVocabulary the bytes that all words may take
 */
export async function findWords(
  { db: primary, signals, pages, log }: Pick<Deps, 'db' | 'signals' | 'pages' | 'log'>,
  { mostVocabulary = 128 * 1024 * 1024 } = {},
): Promise<FoundWords> {
  let spellings = 0
  signals.on(wordTopics.spelled, () => spellings++)
  const follower = await createFollower({
    signals,
    topics: [wordTopics.found],
    read: (numbers) => findCourseWords(primary, numbers),
  })
  const vocabulary = await createLargeMirror({
    signals,
    log,
    topics: [wordTopics.found],
    read: (numbers) => findSpoken(primary, numbers),
    readAfter: (number) => findSpokenAfter(primary, number),
    keep: holdVocabulary,
    mostBytes: mostVocabulary,
  })
  // A list may have been made between the signal that made its page old and these.
  for (const topic of Object.values(wordTopics)) signals.on(topic, () => pages.forget('listing'))

  const meanings = follower.keep<Meaning>(
    {
      bytesOf: ({ understood, words }) => 2 * ((understood?.length ?? 0) + words.length),
      follow: (meaning) => meaning,
    },
    mostBytes / 4,
  )
  const bests = follower.keep<Best & { readonly q: string }>(
    {
      bytesOf: ({ titles, heads }) => titles.byteLength + (heads?.byteLength ?? 0),
      async follow(best, changed) {
        const { q, understood, titles, heads } = best
        const found = whoHas(understood, changed, heads ? 'head' : 'title')
        const now = found.length > 0 ? await findBest(primary, { q, understood }, found) : nothing
        return {
          ...best,
          titles: replaced(titles, changed, now.titles),
          heads: heads && replaced(heads, changed, now.heads ?? none),
        }
      },
    },
    mostBytes,
  )
  const headed = follower.keep<Headed>(
    {
      bytesOf: ({ heads }) => heads.byteLength,
      async follow({ understood, heads }, changed) {
        const found = whoHas(understood, changed, 'head')
        const now = found.length > 0 ? await findHeads(primary, understood, found) : none
        return { understood, heads: replaced(heads, changed, now) }
      },
    },
    mostBytes / 2,
  )
  const held = follower.keep<Held>(
    {
      bytesOf: ({ holders: { outlines, documents } }) => outlines.byteLength + documents.byteLength,
      follow({ group, holders: { outlines, documents } }, changed) {
        for (const [number, words] of changed) {
          outlines = withNumber(outlines, number, words !== undefined && hasOneOf(words.outline, group))
          documents = withNumber(documents, number, words !== undefined && hasOneOf(words.document, group))
        }
        return { group, holders: { outlines, documents } }
      },
    },
    mostBytes,
  )

  const meaningOf = (db: Db, q: string) => {
    const read = () => findMeaning(db, q)
    return db === primary ? meanings.recall(JSON.stringify([spellings, q]), read) : read()
  }
  async function readBest(db: Db, words: Words): Promise<Best> {
    if (!(await vocabulary())) return findBest(db, words)
    const { words: said, understood } = await meaningOf(db, words.q)
    const meant = words.understood === undefined ? understood : words.understood
    return (await vocabulary())?.best(meant, said) ?? findBest(db, { ...words, understood: meant })
  }

  return {
    understood: async (db, q) => (await meaningOf(db, q)).understood,
    best(db, words) {
      const read = async () => ({ q: words.q, ...(await readBest(db, words)) })
      return db === primary ? bests.recall(JSON.stringify([spellings, words]), read) : read()
    },
    async heads(db, understood) {
      if (understood === null) return none
      const read = async () => {
        const heads = (await vocabulary())?.heads(understood) ?? (await findHeads(db, understood))
        return { understood, heads }
      }
      return (await (db === primary ? headed.recall(understood, read) : read())).heads
    },
    async holders(db, understood) {
      const all = await vocabulary()
      if (all) return all.holders(understood)
      const found = await Promise.all(
        groupsOf(understood).map(async (group) => {
          const read = async () => ({ group, holders: await findHolders(db, group) })
          return (await (db === primary ? held.recall(group, read) : read())).holders
        }),
      )
      return {
        outlines: inAll(found.map(({ outlines }) => outlines)),
        documents: inAll(found.map(({ documents }) => documents)),
      }
    },
  }
}

const none = scoredCourses([])
const nothing = { titles: none, heads: none }

/** Which of the courses that changed what was understood finds now. */
function whoHas(understood: string | null, changed: Changed<CourseWords>, where: 'title' | 'head'): number[] {
  const groups = groupsOf(understood)
  if (groups.length === 0) return []
  return [...changed].flatMap(([number, words]) =>
    words && groups.every((group) => hasOneOf(words[where], group)) ? [number] : [],
  )
}
