import type { Db } from '../../platform/database/database.ts'
import type { Deps } from '../../platform/deps.ts'
import type { Kind } from '../../platform/http/pages.ts'
import { type Found, findNumbers, findRanked, type Ranked, type Words } from './listing-queries.ts'
import { ofWords } from './page-subjects.ts'
import { plainWords } from './plain-words.ts'

/** What a page before this one understood the words as; null for a first page. */
type Before = { readonly understood: string | null } | null

/** What words find. @param db what is asked where it is not in memory */
type Find<Answer> = (db: Db, q: string, before: Before) => Promise<Answer>

export interface FoundWords {
  readonly all: Find<Found>
  /** The most relevant, perhaps without those that come last. */
  readonly ranked: Find<Ranked>
  readonly rankedAll: Find<Ranked>
}

const allFound: Kind<Found> = { of: () => ofWords, bytesOf: ({ numbers }) => numbers.byteLength }
const bestFound: Kind<Ranked> = {
  of: () => ofWords,
  bytesOf: ({ titles, heads, rest }) =>
    8 * (titles.length + (heads?.length ?? 0)) +
    (rest ? rest.outlines.byteLength + rest.documents.byteLength : 0),
}

/**
 * What words find depends neither on filters nor on sort or page: it is kept, until the words of any course change. Only what the primary
 * says is kept: a replica may be some seconds behind.
 */
export function findWords({ db: primary, pages }: Pick<Deps, 'db' | 'pages'>): FoundWords {
  const allOf = (db: Db, words: Words) => {
    const read = () => findNumbers(db, words)
    return db === primary ? pages.recall(allFound, JSON.stringify(words), read) : read()
  }
  const rankedBy = (deep: boolean) => (db: Db, words: Words) => {
    const read = () => findRanked(db, words, { deep })
    return db === primary ? pages.recall(bestFound, JSON.stringify([words, deep]), read) : read()
  }
  return { all: asBefore(allOf), ranked: asBefore(rankedBy(false)), rankedAll: asBefore(rankedBy(true)) }
}

/** Words are nearly always understood as they were for the page before. */
function asBefore<Answer extends { readonly understood: string | null }>(
  ask: (db: Db, words: Words) => Promise<Answer>,
): Find<Answer> {
  return async (db, said, before) => {
    const q = plainWords(said)
    const answer = await ask(db, { q })
    if (!before || before.understood === answer.understood) return answer
    return ask(db, { q, understood: before.understood })
  }
}
