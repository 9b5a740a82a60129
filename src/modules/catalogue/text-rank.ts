import { type Form, formsOf, groupsOf } from './understanding.ts'

// What `ts_rank(vector, query, 2)` of PostgreSQL says, to the last bit (src/backend/utils/adt/tsrank.c: calc_rank, calc_rank_or,
// calc_rank_and, word_distance). Its `float`s are rounded where C rounds them.

/** A place in a text and its weight, A is 3 and D is 0: `weight * 2 ** 14 + place`, as in a tsvector. */
export type Position = number

/** One as a tsvector is written: `7`, `7B`. */
export const positionOf = (written: string): Position =>
  Number.parseInt(written, 10) + 2 ** 14 * Math.max(0, 'DCBA'.indexOf(written.at(-1) ?? ''))

/** A word of a vector that something was asked of. The words of one are in the order of their bytes. */
export interface FoundWord {
  /** By which forms it was found, a bit each. */
  readonly forms: number
  readonly positions: readonly Position[]
}

/** What words were understood as, as ranks want it. */
export interface RankedQuery {
  /** Each once, by the order of their bytes. */
  readonly forms: readonly Form[]
  /** Of each group the forms, a bit each. */
  readonly groups: readonly number[]
}

const { fround, abs, sqrt, exp } = Math
const weights = [0.1, 0.2, 0.4, 1].map(fround)
const weightOf = (position: Position) => weights[position >>> 14] ?? 0
const placeOf = (position: Position) => position & 0x3fff
const mostForms = 30
const limitOfSum = 1.64493406685

/** @returns null where PostgreSQL may rank it as we cannot know: it sorts a word and the same as a beginning in no certain order */
export function rankedQuery(understood: string | null): RankedQuery | null {
  const groups = groupsOf(understood).map(formsOf)
  const byText = new Map<string, Form>()
  for (const form of groups.flat())
    if ((byText.get(form.text) ?? form).isBeginning === form.isBeginning) byText.set(form.text, form)
    else return null
  if (byText.size > mostForms) return null
  const forms = [...byText.values()].sort((a, b) => Buffer.compare(Buffer.from(a.text), Buffer.from(b.text)))
  const bitOf = new Map(forms.map(({ text }, at) => [text, 1 << at]))
  return {
    forms,
    groups: groups.map((group) => group.reduce((bits, { text }) => bits | (bitOf.get(text) ?? 0), 0)),
  }
}

/** @param length how many positions the whole vector has */
export function rank({ forms, groups }: RankedQuery, words: readonly FoundWord[], length: number): number {
  const isEach = groups.length > 1 && forms.length > 1
  const found = isEach ? rankOfEach(forms.length, words) : rankOfAny(forms.length, words)
  return fround((found < 0 ? fround(1e-20) : found) / length)
}

function rankOfAny(forms: number, words: readonly FoundWord[]): number {
  let sum = 0
  for (let form = 0; form < forms; form++)
    for (const word of words)
      if (word.forms & (1 << form)) sum = fround(sum + rankOfWord(word.positions) / limitOfSum)
  return fround(sum / forms)
}

function rankOfWord(positions: readonly Position[]): number {
  let sum = 0
  let best = -1
  let bestAt = 0
  for (let at = 0; at < positions.length; at++) {
    const weight = weightOf(positions[at] ?? 0)
    sum = fround(sum + fround(weight / ((at + 1) * (at + 1))))
    if (weight <= best) continue
    best = weight
    bestAt = at
  }
  return fround(fround(best + sum) - fround(best / ((bestAt + 1) * (bestAt + 1))))
}

function rankOfEach(forms: number, words: readonly FoundWord[]): number {
  let sum = -1
  /** Of each form; of a beginning, of the last word that begins so. */
  const before: (readonly Position[])[] = []
  for (let form = 0; form < forms; form++)
    for (const { forms: of, positions } of words) {
      if ((of & (1 << form)) === 0) continue
      for (let at = 0; at < form; at++)
        for (const position of positions)
          for (const other of before[at] ?? []) {
            const distance = abs(placeOf(position) - placeOf(other))
            if (distance === 0) continue
            const near = fround(fround(weightOf(position) * weightOf(other)) * nearness(distance))
            const weight = fround(sqrt(near))
            sum = sum < 0 ? weight : fround(1 - (1 - sum) * (1 - weight))
          }
      before[form] = positions
    }
  return sum
}

const nearness = (distance: number) =>
  distance > 100 ? fround(1e-30) : fround(1 / (1.005 + 0.05 * exp(distance / 1.5 - 2)))
