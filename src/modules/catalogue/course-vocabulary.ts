import type { LargelyKept } from '../../platform/database/large-mirror.ts'
import { type AskedWords, type CourseHead, isInTitle, scoreHeads, scoreTitles } from './course-heads.ts'
import { ascending, type CourseNumbers } from './course-numbers.ts'
import {
  addAll,
  type Bits,
  bitsFor,
  keepCommon,
  type Place,
  PlaceSet,
  pickPlaces,
  placesIn,
} from './course-places.ts'
import type { ScoredCourses } from './scored-courses.ts'
import { positionOf, type RankedQuery, rankedQuery } from './text-rank.ts'
import { type Form, formsOf, groupsOf } from './understanding.ts'
import { type Best, enough, type Holders, type SpokenWords } from './word-queries.ts'

/** All words of the catalogue, who has them, and where in their titles. */
export interface Vocabulary extends LargelyKept<SpokenWords> {
  /** The courses that have one of each group of what was understood. */
  holders(understood: string | null): Holders
  /** What words find first. @param words as they were said. @returns null where only PostgreSQL knows how it would rank it */
  best(understood: string | null, words: string): Best | null
  /** Where what was understood is in title, subtitle and tags together; null likewise. */
  heads(understood: string | null): ScoredCourses | null
}

interface Word {
  readonly id: number
  readonly text: string
  /** Who has it, each once: in the title, else in the head, else in the outline, else in the document. */
  readonly holders: readonly PlaceSet[]
}

const inTitle = 0
const inHead = 1
const inOutline = 2
const inDocument = 3

/** Of a word, beside its places: its text, its objects and its share of the maps. */
const wordBytes = 900
/** Words are kept by their beginnings of so many code units, so that those of a beginning are found without looking at all. */
const keyLength = 2

export function holdVocabulary(): Vocabulary {
  const words = new Map<string, Map<string, Word>>()
  const placeOf = new Map<number, Place>()
  /** By place. Mostly ascending, as numbers are given out. */
  const numbers: number[] = []
  /** By place; null where the course is gone. */
  const heads: (CourseHead | null)[] = []
  /** By place, the ids of all words of the course, so that it can be taken out without looking at those of others. */
  const wordsOfPlace: Uint32Array[] = []
  const byId: (Word | undefined)[] = []
  let bytes = 0
  let formsOfWords = new Int32Array(0)

  function wordOf(text: string): Word {
    const key = text.slice(0, keyLength)
    const alike = words.get(key) ?? new Map<string, Word>()
    const known = alike.get(text)
    if (known) return known
    const word = {
      id: byId.length,
      text,
      holders: Array.from({ length: inDocument + 1 }, () => new PlaceSet()),
    }
    byId.push(word)
    words.set(key, alike.set(text, word))
    bytes += wordBytes + bytesOf(word)
    return word
  }

  function add({ id, holders }: Word, place: Place, depth: number): number {
    bytes += holders[depth]?.add(place, numbers.length) ?? 0
    return id
  }

  /** @returns what is said in a head, of the course of this place */
  function take(place: Place, head: string, ids: number[]): Pick<CourseHead, 'said' | 'titled'> {
    const said: number[] = []
    const titled: number[] = []
    for (const [, text = '', written = ''] of head.matchAll(eachWord)) {
      const word = wordOf(text)
      const positions = written.split(',').map(positionOf)
      for (const position of positions) {
        said.push(word.id, position)
        if (isInTitle(position)) titled.push(word.id, position)
      }
      ids.push(add(word, place, positions.some(isInTitle) ? inTitle : inHead))
    }
    return { said, titled }
  }

  function clear(place: Place): void {
    bytes -= bytesOfPlace(place)
    for (const id of wordsOfPlace[place] ?? []) {
      const word = byId[id]
      for (const holders of word?.holders ?? []) holders.remove(place)
      if (word?.holders.every(({ size }) => size === 0)) forget(word)
    }
    heads[place] = null
    wordsOfPlace[place] = noWords
  }

  function forget(word: Word): void {
    const key = word.text.slice(0, keyLength)
    const alike = words.get(key)
    alike?.delete(word.text)
    if (alike?.size === 0) words.delete(key)
    byId[word.id] = undefined
    bytes -= wordBytes + bytesOf(word)
  }

  function bytesOfPlace(place: Place): number {
    return bytesOfHead(heads[place]) + (wordsOfPlace[place]?.byteLength ?? 0)
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

  /** Who has one of each group: in the title, in the head, and so on to the deepest that is asked for. */
  function findHolders(understood: string | null, deepest: number): readonly Bits[] {
    const none = () => Array.from({ length: deepest + 1 }, () => bitsFor(numbers.length))
    const all = none()
    for (const [at, group] of groupsOf(understood).entries()) {
      const found = at === 0 ? all : none()
      for (const form of formsOf(group))
        for (const { holders } of withForm(form))
          for (const [depth, bits] of found.entries()) holders[depth]?.addTo(bits)
      for (const [depth, bits] of found.entries()) {
        const shallower = found[depth - 1]
        if (shallower) addAll(bits, shallower)
      }
      if (at > 0) for (const [depth, bits] of all.entries()) keepCommon(bits, found[depth] ?? bits)
    }
    return all
  }

  function placesOf(understood: string | null, depth: number): Iterable<Place> {
    const bits = findHolders(understood, depth)[depth]
    return bits ? placesIn(bits) : []
  }

  function numbersOf(bits: Bits | undefined): CourseNumbers {
    return bits ? ascending(pickPlaces(bits, numbers)) : new Uint32Array()
  }

  /** Calls with what is asked, by words; what it is given is another's afterwards. */
  function ask<Found>(query: RankedQuery, find: (asked: AskedWords) => Found): Found {
    if (formsOfWords.length < byId.length) formsOfWords = new Int32Array(2 * byId.length)
    const found = query.forms.flatMap((form, at) =>
      [...withForm(form)].map(({ id }) => [id, 1 << at] as const),
    )
    for (const [id, bit] of found) formsOfWords[id] = (formsOfWords[id] ?? 0) | bit
    try {
      return find({ query, formsOf: formsOfWords })
    } finally {
      for (const [id] of found) formsOfWords[id] = 0
    }
  }

  return {
    get bytes() {
      return bytes + 150 * numbers.length + 8 * byId.length
    },
    put({ number, name, head, lessons, description }) {
      const place = placeOf.get(number) ?? numbers.push(number) - 1
      placeOf.set(number, place)
      const ids: number[] = []
      heads[place] = { number, name, ...take(place, head, ids) }
      for (const text of lessons) ids.push(add(wordOf(text), place, inOutline))
      for (const text of description) ids.push(add(wordOf(text), place, inDocument))
      wordsOfPlace[place] = new Uint32Array(ids)
      bytes += bytesOfPlace(place)
    },
    remove(gone) {
      for (const number of gone) {
        const place = placeOf.get(number)
        if (place !== undefined && heads[place]) clear(place)
      }
    },
    holders(understood) {
      const found = findHolders(understood, inDocument)
      return { outlines: numbersOf(found[inOutline]), documents: numbersOf(found[inDocument]) }
    },
    best(understood, said) {
      const query = rankedQuery(understood)
      if (!query) return null
      return ask(query, (asked) => {
        const titles = scoreTitles(heads, placesOf(understood, inTitle), asked, said)
        const isEnough = titles.length >= enough
        return {
          understood,
          titles,
          heads: isEnough ? null : scoreHeads(heads, placesOf(understood, inHead), asked),
        }
      })
    },
    heads(understood) {
      const query = rankedQuery(understood)
      return query && ask(query, (asked) => scoreHeads(heads, placesOf(understood, inHead), asked))
    },
  }
}

const noWords = new Uint32Array(0)
const bytesOf = ({ holders }: Word) => holders.reduce((sum, { bytes }) => sum + bytes, 0)
const bytesOfHead = (head: CourseHead | null | undefined) =>
  head ? 240 + head.name.length + 8 * (head.said.length + head.titled.length) : 0

/** `'word':1A,7B 'other':2A`, as PostgreSQL writes a vector. */
const eachWord = /'([^']+)':(\S+)/gu
