import type { LargelyKept } from '../../platform/database/large-mirror.ts'
import type { CourseNumbers } from './course-numbers.ts'
import { addAll, type Bits, bitsFor, keepCommon, type Place, PlaceSet, pickPlaces } from './course-places.ts'
import { type Form, formsOf, groupsOf } from './understanding.ts'
import type { Holders, SpokenWords } from './word-queries.ts'

/** All words of the catalogue, and who has them. */
export interface Vocabulary extends LargelyKept<SpokenWords> {
  /** The courses that have one of each group of what was understood. */
  holders(understood: string | null): Holders
}

interface Word {
  readonly text: string
  readonly outline: PlaceSet
  /** In the description alone. */
  readonly description: PlaceSet
}

/** Of a word, beside its places: its text, its objects and its share of the maps. */
const wordBytes = 400
/** Words are kept by their beginnings of so many code units, so that those of a beginning are found without looking at all. */
const keyLength = 2

export function holdVocabulary(): Vocabulary {
  const words = new Map<string, Map<string, Word>>()
  const placeOf = new Map<number, Place>()
  /** By place; 0 where there is none any more. Mostly ascending, as numbers are given out. */
  const numbers: number[] = []
  let bytes = 0

  function wordOf(text: string): Word {
    const key = text.slice(0, keyLength)
    const alike = words.get(key) ?? new Map<string, Word>()
    const known = alike.get(text)
    if (known) return known
    const word = { text, outline: new PlaceSet(), description: new PlaceSet() }
    words.set(key, alike.set(text, word))
    bytes += wordBytes + bytesOf(word)
    return word
  }

  /** All words are looked at: to keep those of each course as well would take twice the memory. */
  function clear(place: Place): void {
    for (const [key, alike] of words) {
      for (const word of alike.values()) {
        word.outline.remove(place)
        word.description.remove(place)
        if (word.outline.size + word.description.size > 0) continue
        alike.delete(word.text)
        bytes -= wordBytes + bytesOf(word)
      }
      if (alike.size === 0) words.delete(key)
    }
  }

  function* withForm({ text, isBeginning }: Form): Generator<Word> {
    const key = text.slice(0, keyLength)
    if (!isBeginning) {
      const word = words.get(key)?.get(text)
      if (word) yield word
      return
    }
    const keys = text.length < keyLength ? words.keys().filter((one) => one.startsWith(text)) : [key]
    for (const one of keys)
      for (const word of words.get(one)?.values() ?? []) if (word.text.startsWith(text)) yield word
  }

  function numbersOf(bits: Bits): CourseNumbers {
    const found = pickPlaces(bits, numbers)
    return isAscending(found) ? found : found.sort()
  }

  return {
    get bytes() {
      return bytes + 50 * numbers.length
    },
    put({ number, outline, description }) {
      let place = placeOf.get(number)
      if (place === undefined) {
        place = numbers.push(number) - 1
        placeOf.set(number, place)
      } else clear(place)
      const places = numbers.length
      for (const text of outline) bytes += wordOf(text).outline.add(place, places)
      for (const text of description) bytes += wordOf(text).description.add(place, places)
    },
    remove(number) {
      const place = placeOf.get(number)
      if (place === undefined) return
      clear(place)
      placeOf.delete(number)
      numbers[place] = 0
    },
    holders(understood) {
      const [outlines, documents] = [bitsFor(numbers.length), bitsFor(numbers.length)]
      for (const [at, group] of groupsOf(understood).entries()) {
        const inOutline = at === 0 ? outlines : bitsFor(numbers.length)
        const inDocument = at === 0 ? documents : bitsFor(numbers.length)
        for (const form of formsOf(group))
          for (const { outline, description } of withForm(form)) {
            outline.addTo(inOutline)
            description.addTo(inDocument)
          }
        addAll(inDocument, inOutline)
        keepCommon(outlines, inOutline)
        keepCommon(documents, inDocument)
      }
      return { outlines: numbersOf(outlines), documents: numbersOf(documents) }
    },
  }
}

const bytesOf = ({ outline, description }: Word) => outline.bytes + description.bytes

function isAscending(numbers: CourseNumbers): boolean {
  for (let at = 1; at < numbers.length; at++) if ((numbers[at - 1] ?? 0) > (numbers[at] ?? 0)) return false
  return true
}
