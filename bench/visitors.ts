import { type Random, randomOf } from '../test/proof/random.ts'
import type { Catalogue } from './catalogue.ts'
import { type Measured, messageOf, openLine, requireSuccess, summarize } from './load.ts'

/** What a visitor asks next; the last two of what the last list showed. */
type Step = { readonly path: string } | 'next page' | 'a course of it'
type Visit = readonly Step[]

const seed = 7
const lists = '/api/courses?limit=20'
const sorts = ['newest', 'newest', 'newest', 'popular', 'popular', 'rating', 'price'] as const
const levels = ['beginner', 'intermediate', 'advanced'] as const

/**
 * Visitors of a catalogue, without end and the same in every run. Of ten, six search: what for goes by Zipf's law over the words of the titles,
 * the n-th most frequent as often as 1 / n says. They ask while they type, then look at the next page, another order, less of it, what there is
 * of each kind, or a course. The others go through lists.
 */
export function* visitors({ words, categories }: Pick<Catalogue, 'words' | 'categories'>): Generator<Visit> {
  const random = randomOf(seed)
  const wanted = zipf(words, random)
  const filter = () =>
    random.pick([
      `category=${random.pick(categories)}`,
      `level=${random.pick(levels)}`,
      'free=true',
      `language=en&level=${random.pick(levels)}`,
    ])
  const sometimes = (probability: number, ...steps: Step[]) => (random.happens(probability) ? steps : [])

  const search = (): Visit => {
    const typed = typing(random.happens(0.2) ? `${wanted()} ${wanted()}` : wanted(), random)
    const asked = typed.map((q) => `q=${encodeURIComponent(q)}`)
    const found = asked.at(-1) ?? ''
    return [
      ...asked.map((q) => ({ path: `${lists}&${q}` })),
      ...sometimes(0.3, { path: `/api/courses/facets?${found}` }),
      ...sometimes(0.15, 'next page'),
      ...sometimes(0.15, { path: `${lists}&${found}&sort=${random.pick(sorts)}` }),
      ...sometimes(0.2, { path: `${lists}&${found}&${filter()}` }),
      ...sometimes(0.5, 'a course of it'),
    ]
  }
  const browse = (): Visit => {
    const filters = random.happens(0.4) ? `&${filter()}` : ''
    return [
      { path: `${lists}&sort=${random.pick(sorts)}${filters}` },
      ...sometimes(0.2, { path: `/api/courses/facets?currency=USD${filters}` }),
      ...sometimes(0.2, 'next page'),
      ...sometimes(0.5, 'a course of it'),
    ]
  }
  for (;;) yield random.happens(0.6) ? search() : browse()
}

/** What is asked while words are typed: some beginnings, then all; one in ten misspelled, some with a capital or a comma. */
function typing(words: string, random: Random): string[] {
  const swapAt = random.between(1, words.length - 2)
  const spelled = random.happens(0.1)
    ? `${words.slice(0, swapAt)}${words[swapAt + 1]}${words[swapAt]}${words.slice(swapAt + 2)}`
    : words
  const said = random.happens(0.2) ? spelled.charAt(0).toUpperCase() + spelled.slice(1) : spelled
  const beginnings = [0.35, 0.6, 0.85].map((share) =>
    said.slice(0, Math.max(2, Math.round(share * said.length))),
  )
  return [...new Set(beginnings), random.happens(0.1) ? `${said},` : said]
}

/** Picks one, the n-th as often as 1 / n says. */
function zipf(items: readonly string[], random: Random): () => string {
  let sum = 0
  const until = items.map((_, at) => (sum += 1 / (at + 1)))
  return () => {
    const point = random.next() * sum
    return items[until.findIndex((end) => point < end)] ?? ''
  }
}

export interface Visited {
  readonly all: Measured
  readonly searches: Measured
}

/** Lets so many of those who come in at a time, until there were as many requests. */
export async function receiveVisitors(
  visits: ReturnType<typeof visitors>,
  options: { origin: string; requests: number; concurrency: number },
): Promise<Visited> {
  const { origin, requests, concurrency } = options
  const times: number[] = []
  const searchTimes: number[] = []
  const host = async () => {
    const line = await openLine(origin)
    try {
      while (times.length < requests) {
        let list: { path: string; body: Buffer } = { path: '', body: Buffer.alloc(0) }
        for (const step of visits.next().value as Visit) {
          const path = pathOf(step, list)
          if (path === null) continue
          const began = performance.now()
          const said = await line.say(messageOf(origin, { path }))
          const took = performance.now() - began
          requireSuccess({ path }, said)
          times.push(took)
          if (path.includes('q=')) searchTimes.push(took)
          if (path.startsWith(lists)) list = { path, body: said.body }
        }
      }
    } finally {
      line.close()
    }
  }
  const began = performance.now()
  await Promise.all(Array.from({ length: concurrency }, host))
  const seconds = (performance.now() - began) / 1_000
  return { all: summarize(times, seconds), searches: summarize(searchTimes, seconds) }
}

/** Null where there is no such page or course. */
function pathOf(step: Step, list: { path: string; body: Buffer }): string | null {
  if (typeof step === 'object') return step.path
  const { items, nextCursor } = JSON.parse(list.body.toString()) as {
    items: { slug: string }[]
    nextCursor: string | null
  }
  if (step === 'a course of it') return items[0] ? `/api/courses/${items[0].slug}` : null
  return nextCursor === null ? null : `${list.path}&cursor=${nextCursor}`
}
