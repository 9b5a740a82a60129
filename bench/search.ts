import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEmbedded } from '../src/platform/database/embedded.ts'
import { migrate } from '../src/platform/database/migrate.ts'
import { createLog } from '../src/platform/log.ts'
import { freePort, startServer } from '../test/support/server.ts'
import { disguise, fillCatalogue } from './catalogue.ts'
import { load } from './load.ts'
import { startWriters } from './writers.ts'

/**
 * The catalogue of a school of 10,000 courses, asked by strangers: `node bench/search.ts [courses] [ms]`. One server process, eight
 * requests at a time. With a second number, an enrollment or a review is written every so many milliseconds while it is measured.
 */
const courses = Number(process.argv[2] ?? 10_000)
const writeEveryMs = Number(process.argv[3] ?? 0)
const concurrency = 8
const uncachedRequests = 1_000
const warmingRequests = 300
const cachedRequests = 20_000

const log = createLog('warn')
const folder = await mkdtemp(join(tmpdir(), 'lectern-bench-'))
const database = await openEmbedded({ dataDir: join(folder, 'database'), log })
const say = (line: string) => process.stdout.write(`${line}\n`)
try {
  await migrate({ url: database.url, log })
  const began = performance.now()
  const { slugs, categories } = await fillCatalogue(database.url, courses)
  say(`${courses} courses in ${Math.round((performance.now() - began) / 1_000)} s\n`)
  const port = await freePort()
  const server = await startServer({ data: folder, port, env: { DATABASE_URL: database.url } })
  const origin = `http://127.0.0.1:${port}`

  let questions = 0
  /** The same question, each time in other words, so that neither it nor what its words find is answered from memory. */
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
  const stopWriters = writeEveryMs > 0 ? await startWriters(server.client, writeEveryMs) : null
  say('| What | requests/s | p50 ms | p99 ms |')
  say('| --- | --- | --- | --- |')
  // What is compiled and planned once is so before anything is measured.
  await load({
    origin,
    asks: lists.flatMap(([, path]) =>
      anew(`/api/courses?${path}`, warmingRequests).map((path) => ({ path })),
    ),
    count: warmingRequests * lists.length,
    concurrency,
  })
  for (const [name, path] of lists) await measure(name, anew(`/api/courses?${path}`, uncachedRequests))
  for (const [name, path] of [
    ['facets, everything', 'currency=USD'],
    ['facets of a search', 'q=python'],
    ['facets with filters', 'level=beginner&language=en'],
  ] as const)
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
