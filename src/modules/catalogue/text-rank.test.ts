import { afterAll, beforeAll, expect, it } from 'vitest'
import { randomOf } from '../../../test/proof/random.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { positionOf, rank, rankedQuery } from './text-rank.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const random = randomOf(3)
// Beginnings of each other; bytes in another order than letters.
const vocabulary = 'a ab abc b bc bcd c ca d de def é 語 語学 😀'.split(' ')
const word = () => random.pick(vocabulary) ?? ''
const many = <T>(most: number, make: (at: number) => T) =>
  Array.from({ length: random.between(1, most) }, (_, at) => make(at))

function vector(): string {
  const most = random.pick([3, 8, 30, 200]) ?? 1
  return many(most, (at) => `'${word()}':${at + 1}${random.pick(['A', 'A', 'B', 'B', 'C', 'D'])}`).join(' ')
}
const form = () => `'${word()}'${random.happens(0.5) ? ':*' : ''}`
const query = () => many(3, () => `(${many(3, form).join(' | ')})`).join(' & ')

/** The words of a vector, as PostgreSQL writes it, that a query finds; and how many positions it has. */
function read(written: string, forms: readonly { text: string; isBeginning: boolean }[]) {
  const words = [...written.matchAll(/'([^']+)':(\S+)/gu)].map(([, text = '', positions = '']) => ({
    forms: forms.reduce((bits, form, at) => {
      const isFound = form.isBeginning ? text.startsWith(form.text) : text === form.text
      return isFound ? bits | (1 << at) : bits
    }, 0),
    positions: positions.split(',').map(positionOf),
  }))
  const length = words.reduce((sum, { positions }) => sum + positions.length, 0)
  return { words: words.filter(({ forms }) => forms !== 0), length }
}

it('is what PostgreSQL says, to the last bit, of any words, weights and places', async () => {
  const asked = Array.from({ length: 5_000 }, () => ({ vector: vector(), query: query() }))
  const { rows } = await world.database.pool.query<{ written: string; score: number; found: boolean }>(
    `select vector::text as written, ts_rank(vector, query, 2)::float8 as score, vector @@ query as found
     from unnest($1::tsvector[], $2::tsquery[]) with ordinality as asked (vector, query, place) order by place`,
    [asked.map(({ vector }) => vector), asked.map(({ query }) => query)],
  )
  let compared = 0
  for (const [at, { written, score, found }] of rows.entries()) {
    const said = asked[at]?.query ?? ''
    const ranked = rankedQuery(said)
    if (!ranked || !found) continue
    const { words, length } = read(written, ranked.forms)
    expect([written, said, rank(ranked, words, length)]).toEqual([written, said, score])
    compared++
  }
  expect(compared).toBeGreaterThan(1_000)
})

it.each([
  ['a word and the same as a beginning', `('run') & ('run':*)`],
  [
    'very many forms',
    Array.from({ length: 8 }, (_, n) => `('a${n}' | 'b${n}' | 'c${n}' | 'd${n}')`).join(' & '),
  ],
])('leaves %s to PostgreSQL', (_what, understood) => {
  expect(rankedQuery(understood)).toBeNull()
})
