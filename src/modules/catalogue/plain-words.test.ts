import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import { plainWords } from './plain-words.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

/** The texts of which the database finds other words than of what they are made. */
async function madeOther(texts: readonly string[]): Promise<readonly string[]> {
  const { rows } = await world.database.pool.query<{ said: string }>(
    `select said from unnest($1::text[], $2::text[]) as asked (said, plain)
     where words_of(said) is distinct from words_of(plain) or understand_search(said) is distinct from understand_search(plain)`,
    [texts, texts.map(plainWords)],
  )
  return rows.map(({ said }) => said)
}

const sample = (texts: fc.Arbitrary<string>) => fc.sample(texts, { seed: 7, numRuns: 2_000 })
const withoutNul = (text: string) => !text.includes('\0')
const anyOf = (signs: string) => fc.string({ unit: fc.constantFrom(...signs), maxLength: 20 })

describe('the same words, however they are typed', () => {
  it.each([
    ['Python', 'python'],
    [' python,  basics! ', 'python basics'],
    ['(C++) "C#": c-sharp?', 'c++ c# c sharp'],
    ['C_Sharp', 'c_sharp'],
    ["Don't; stop.", "don't stop"],
    ['.,!?', ''],
    ['INDEX', 'Index'],
    ['Ünder Über.', 'Ünder Über.'],
  ])('%j is asked as %j', (said, plain) => {
    expect(plainWords(said)).toBe(plain)
  })

  it.each([
    ['ASCII', fc.string({ unit: 'binary-ascii', maxLength: 200 })],
    ['words with signs in and around them', anyOf('cCfF_+#I1a\'-.,(" ')],
    ['any text', fc.string({ unit: 'binary', maxLength: 60 })],
    [
      'what is read as one with its neighbors',
      anyOf('aAeEiIsStTcC \u0301\u0308\u0338\u0327ΣσςαßſİıǅﬁÅ\u00a0\u200d\ufeff.,:-!"'),
    ],
  ])('the database finds no other words in what is asked of it: %s', async (_what, texts) => {
    expect(await madeOther(sample(texts.filter(withoutNul)))).toEqual([])
  })
})
