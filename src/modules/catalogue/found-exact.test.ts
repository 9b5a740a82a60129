import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { randomOf } from '../../../test/proof/random.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { type CourseFinder, createCourseFinder } from './course-finder.ts'
import { makeCourse } from './factory.ts'
import { cursorOf, readCursor } from './listing-cursor.ts'
import type { CatalogueFilter, Sort } from './listing-schemas.ts'
import { reviewSearchWords } from './review-search-words.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

// Beginnings of each other, stems of each other, what resembles another, accents, other alphabets.
const vocabulary =
  `paint painting painter paints pain café cafe painitng c++ running runner rune garden gardens gardening guarden
  日本語 школа школы weave weaving woven the of a`.split(/\s+/)
/** More titles have it than a page by relevance looks for at first. */
const common = 'pottery'
const random = randomOf(11)
const say = (most: number) =>
  Array.from({ length: random.between(1, most) }, () => random.pick(vocabulary)).join(' ')

function question(): string {
  const word = random.happens(0.15) ? common : (random.pick(vocabulary) ?? '')
  const typed = word.slice(0, random.between(1, word.length))
  const swapped = word.length > 3 ? word.slice(0, 1) + word.charAt(2) + word.charAt(1) + word.slice(3) : word
  const asked = random.pick([word, word, typed, swapped]) ?? word
  return random.happens(0.4) ? `${asked} ${say(1)}` : asked
}

const sorts: readonly Sort[] = ['relevance', 'relevance', 'relevance', 'newest', 'price']
const filters: readonly CatalogueFilter[] = [{}, {}, { level: 'advanced' }, { free: true, level: 'beginner' }]

/** Two pages and what is counted. */
async function ask(finder: CourseFinder, q: string, filter: CatalogueFilter, sort: Sort) {
  const { db } = world.deps
  const asked = { ...filter, q }
  const first = await finder.page(db, asked, { sort, after: null, limit: 7 })
  const last = first.at(-1)
  const after = last ? readCursor(cursorOf('', last), '', sort) : null
  const second = after && (await finder.page(db, asked, { sort, after, limit: 7 }))
  return { first, second, counts: await finder.count(db, asked) }
}

async function change(courses: readonly string[]): Promise<void> {
  const id = random.pick(courses)
  const set = random.pick([
    sql`title = ${say(3)}`,
    sql`title = ${`${common} ${say(1)}`}`,
    sql`subtitle = ${say(4)}`,
    sql`tags = ${[say(1), say(1)]}`,
    sql`description = ${say(20)}`,
    sql`description = ${`unheard${random.between(1, 1_000)} ${say(3)}`}`,
    sql`hidden_at = case when hidden_at is null then now() end, hidden_reason = case when hidden_at is null then 'Spam' end`,
  ])
  await world.deps.transact(async (tx) => {
    if (random.happens(0.15))
      await sql`update lessons set title = ${say(3)} where course_id = ${id}`.execute(tx)
    else await sql`update courses set ${set} where id = ${id}`.execute(tx)
    if (random.happens(0.05)) await reviewSearchWords(tx)
  })
}

it('what is kept of what words find is, after every change, what is found by one that keeps nothing', async () => {
  await world.database.pool.query(
    `insert into courses (id, slug, title, level, status, published_at, created_at, updated_at)
     select gen_random_uuid(), 'pot' || n, 'Pottery ' || n, 'beginner', 'published', now(), now(), now() from generate_series(1, 205) as n`,
  )
  const courses: string[] = []
  for (let n = 0; n < 25; n++) {
    const sections = [[{ title: say(3) }]]
    const wish = { title: say(3), subtitle: say(4), tags: [say(1)], description: say(15), sections }
    courses.push(
      (await makeCourse(world.deps, { ...wish, level: random.happens(0.5) ? 'advanced' : 'beginner' })).id,
    )
  }
  // All words are in memory; or too many, so that they are kept as they are asked for.
  const all = await createCourseFinder(world.deps)
  const some = await createCourseFinder(world.deps, { mostVocabulary: 0 })
  await vi.waitFor(async () => {
    world.statements.length = 0
    await ask(all, `unasked${random.between(1, 1_000_000)}`, {}, 'relevance')
    expect(world.statements.join()).not.toContain('@@')
  })
  const forgetful = await createCourseFinder({
    ...world.deps,
    signals: { ...world.deps.signals, connected: () => false },
  })
  const questions = Array.from({ length: 60 }, question)
  const asked = { read: 0, all: 0, some: 0 }
  for (let n = 0; n < 120; n++) {
    await change(courses)
    for (const q of [random.pick(questions) ?? '', questions[n % 3] ?? '']) {
      const [filter, sort] = [random.pick(filters) ?? {}, random.pick(sorts) ?? 'relevance']
      world.statements.length = 0
      const exact = await ask(forgetful, q, filter, sort)
      asked.read += world.statements.length
      for (const [name, finder] of Object.entries({ all, some })) {
        world.statements.length = 0
        const answer = await ask(finder, q, filter, sort)
        asked[name as 'all' | 'some'] += world.statements.length
        expect([n, q, filter, sort, name, answer]).toEqual([n, q, filter, sort, name, exact])
      }
    }
  }
  expect(asked.some).toBeLessThan(asked.read / 2)
  expect(asked.all).toBeLessThan(asked.read / 2)
}, 120_000)
