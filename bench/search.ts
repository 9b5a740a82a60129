import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { openEmbedded } from '../src/platform/database/embedded.ts'
import { migrate } from '../src/platform/database/migrate.ts'
import { createLog } from '../src/platform/log.ts'
import { disguise, fillCatalogue } from './catalogue.ts'
import { load } from './load.ts'
import { startSchool } from './stand.ts'
import { receiveVisitors, visitors } from './visitors.ts'
import { startRenaming, startWriters } from './writers.ts'

/**
 * The catalogue of a school of 10,000 courses, asked by strangers: `node bench/search.ts [courses] [ms]`. One server process, eight
 * requests at a time. First as visitors ask, in three stretches, while a title changes every second; then each kind of request by itself,
 * in words that nobody has asked before. With a second number, an enrollment or a review is written every so many milliseconds while the
 * kinds are measured.
 */
const courses = Number(process.argv[2] ?? 10_000)
const writeEveryMs = Number(process.argv[3] ?? 0)
const concurrency = 8
const uncachedRequests = 1_000
const warmingRequests = 300
const cachedRequests = 20_000
const visitorRequests = 20_000
const renameEveryMs = 1_000
/** A connection of PostgreSQL tells its counts at the latest when it has done nothing for ten seconds. */
const countedMs = 11_000

const log = createLog('warn')
const folder = await mkdtemp(join(tmpdir(), 'lectern-bench-'))
const database = await openEmbedded({ dataDir: join(folder, 'database'), log })
const say = (line: string) => process.stdout.write(`${line}\n`)
try {
  await migrate({ url: database.url, log })
  const began = performance.now()
  const catalogue = await fillCatalogue(database.url, courses)
  const { slugs, categories } = catalogue
  say(`${courses} courses in ${Math.round((performance.now() - began) / 1_000)} s\n`)
  const { origin, server } = await startSchool(database.url, folder, {})

  let questions = 0
  /** The same question, each time in other words, so that neither it nor its titles are in memory; who has each word is, from the second on. */
  const anew = (path: string, count: number) =>
    Array.from({ length: count }, () => disguise(path, questions++))
  const measure = async (name: string, paths: readonly string[], count = paths.length) => {
    const { perSecond, p50, p99 } = await load({
      origin,
      asks: paths.map((path) => ({ path })),
      count,
      concurrency,
    })
    say(`| ${name} | ${Math.round(perSecond)} | ${p50.toFixed(1)} | ${p99.toFixed(1)} |`)
  }
  const lists: readonly [name: string, path: string][] = [
    ['list, newest', 'limit=20&sort=newest'],
    ['list, popular', 'limit=20&sort=popular'],
    ['list, rating', 'limit=20&sort=rating'],
    ['list, price', 'limit=20&sort=price'],
    ['list, a category and its subtree', `limit=20&category=${categories[3]}`],
    [
      'list, five filters',
      `limit=20&category=${categories[3]}&level=beginner&language=en&free=true&tag=practice`,
    ],
    ['search, common word (1 title in 12)', 'limit=20&q=python'],
    ['search, common word, by newest', 'limit=20&q=python&sort=newest'],
    ['search, rare word', 'limit=20&q=kubernetes'],
    ['search, two words', 'limit=20&q=kubernetes%20python'],
    ['search, word of every third description', 'limit=20&q=spreadsheet'],
    ['search, misspelled', 'limit=20&q=kuberentes'],
    ['search, beginning', 'limit=20&q=kuber'],
    ['search, two letters', 'limit=20&q=py'],
    ['search with filters', 'limit=20&q=python&level=beginner&language=en&free=false'],
  ]
  const facets: readonly [name: string, path: string][] = [
    ['facets, everything', 'currency=USD'],
    ['facets of a search', 'q=python'],
    ['facets with filters', 'level=beginner&language=en'],
  ]
  // What is compiled and planned once is so before anything is measured.
  const warming = [
    ...lists.map(([, path]) => `/api/courses?${path}`),
    ...facets.map(([, path]) => `/api/courses/facets?${path}`),
  ].flatMap((path) => anew(path, warmingRequests).map((path) => ({ path })))
  await load({ origin, asks: warming, count: warming.length, concurrency })

  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  /** How often PostgreSQL has looked for words so far: for a question in the titles, for a word of it in what courses hold. */
  const countLooks = async () => {
    await wait(countedMs)
    const { rows } = await client.query<{ looks: number }>(
      `select sum(idx_scan)::int as looks from pg_stat_user_indexes where indexrelname in ('course_words_title', 'course_words_document')`,
    )
    return rows[0]?.looks ?? Number.NaN
  }
  await client.query("select send_signal('page.changed', 'all'), send_signal('course.words', 'all')")
  const visits = visitors(catalogue)
  say('| As visitors ask | requests/s | p50 ms | p99 ms | of searches alone | PostgreSQL looked | aim |')
  say('| --- | --- | --- | --- | --- | --- | --- |')
  let looks = await countLooks()
  // The words of the catalogue are read again while the looks are counted (0070).
  for (const since of ['only words are in memory at first', 'after these', 'after these again']) {
    const stopRenaming = startRenaming(catalogue.courses, {
      client: server.client,
      everyMs: renameEveryMs,
    })
    const { all, searches } = await receiveVisitors(visits, {
      origin,
      requests: visitorRequests,
      concurrency,
    })
    await stopRenaming()
    const looksBefore = looks
    looks = await countLooks()
    const { perSecond, p50, p99 } = all
    const found = `${p50.toFixed(1)} | ${p99.toFixed(1)} | ${searches.p99.toFixed(1)}`
    const aim = `p99 under 20 ms: ${p99 < 20 ? 'met' : '**not met**'}`
    say(`| ${since} | ${Math.round(perSecond)} | ${found} | ${looks - looksBefore} | ${aim} |`)
  }
  await client.end()
  say('')

  const stopWriters = writeEveryMs > 0 ? await startWriters(server.client, writeEveryMs) : null
  say('| What | requests/s | p50 ms | p99 ms |')
  say('| --- | --- | --- | --- |')
  for (const [name, path] of lists) await measure(name, anew(`/api/courses?${path}`, uncachedRequests))
  for (const [name, path] of facets)
    await measure(name, anew(`/api/courses/facets?${path}`, uncachedRequests))
  await measure(
    'course page',
    slugs.slice(0, uncachedRequests).map((slug) => `/api/courses/${slug}`),
  )
  const some = slugs.slice(0, 200).map((slug) => `/api/courses/${slug}`)
  await measure('course page, from memory', some, cachedRequests)
  await measure('list, from memory', ['/api/courses?limit=20&sort=newest'], cachedRequests)
  await measure('search, from memory', ['/api/courses?limit=20&q=python'], cachedRequests)
  await measure('facets, from memory', ['/api/courses/facets'], cachedRequests)
  // Each of them only once: what the words find is in memory, the page is not.
  const amounts = Array.from({ length: uncachedRequests }, (_, n) => `currency=USD&maxPrice=${10_000 + n}`)
  for (const [name, path] of [
    ['search with other filters, words from memory', '/api/courses?limit=20&q=python'],
    ['by newest with other filters, words from memory', '/api/courses?limit=20&q=python&sort=newest'],
    ['facets with other filters, words from memory', '/api/courses/facets?q=python'],
  ] as const)
    await measure(
      name,
      amounts.map((amount) => `${path}&${amount}`),
    )
  if (stopWriters) say(`\n${await stopWriters()} enrollments and reviews were written meanwhile`)
  await server.stop()
} finally {
  await database.stop()
  await rm(folder, { recursive: true, force: true })
}
