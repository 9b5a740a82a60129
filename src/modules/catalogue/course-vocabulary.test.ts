import { expect, it } from 'vitest'
import { randomOf } from '../../../test/proof/random.ts'
import { holdVocabulary } from './course-vocabulary.ts'

const random = randomOf(5)
const letters = ['a', 'b', 'é', '語', '😀', '1']
const word = () => Array.from({ length: random.between(1, 4) }, () => random.pick(letters)).join('')

it('finds who has words and beginnings, of few and of very many, whatever is put, put again and removed', () => {
  const vocabulary = holdVocabulary()
  const courses = new Map<number, { outline: ReadonlySet<string>; description: ReadonlySet<string> }>()
  const empty = vocabulary.bytes
  for (let n = 0; n < 1_500; n++) {
    const number = random.happens(0.9) ? n + 1 : random.between(1, n + 1)
    const gone = random.happens(0.1) ? [number, random.between(1, n + 1), number] : [number]
    for (const one of gone) courses.delete(one)
    vocabulary.remove(gone)
    if (gone.length === 1) {
      const outline = new Set([...Array.from({ length: 5 }, word), random.happens(0.7) ? 'common' : 'rare'])
      const description = new Set(Array.from({ length: 9 }, word)).difference(outline)
      courses.set(number, { outline, description })
      vocabulary.put({ number, name: '', head: '', lessons: [...outline], description: [...description] })
    }
    if (n % 100 > 0) continue
    const asked = [word(), word(), 'common', 'comm', 'c']
    for (const text of asked) {
      const other = random.pick(asked) ?? text
      const holds = (words: ReadonlySet<string>) =>
        (words.has(text) || [...words].some((one) => one.startsWith('rar'))) &&
        [...words].some((one) => one.startsWith(other))
      const wanted = {
        outlines: [...courses].filter(([, { outline }]) => holds(outline)),
        documents: [...courses].filter(([, { outline, description }]) => holds(outline.union(description))),
      }
      const found = vocabulary.holders(`('${text}' | 'rar':*) & ('${other}':*)`)
      expect([text, other, [...found.outlines], [...found.documents]]).toEqual([
        text,
        other,
        wanted.outlines.map(([number]) => number).sort((a, b) => a - b),
        wanted.documents.map(([number]) => number).sort((a, b) => a - b),
      ])
    }
  }
  expect(vocabulary.holders(null)).toEqual({ outlines: new Uint32Array(), documents: new Uint32Array() })
  const full = vocabulary.bytes
  vocabulary.remove([...courses.keys()])
  expect(vocabulary.holders(`('c':*)`).documents).toHaveLength(0)
  expect(vocabulary.bytes - empty).toBeLessThan(full / 2)
})
