import { describe, expect, it } from 'vitest'
import { isComplete, nextOf, type Step, standingsOf, summaryFrom } from './rules.ts'

const begun = new Date('2026-01-01T10:00:00Z')
const day = (n: number) => new Date(begun.getTime() + n * 86_400_000)

/** A lesson: its id, `?` where it is a quiz, its days where it has some: `a`, `b?`, `c7`. */
function stepsOf(text: string): Step[] {
  return text.split(' ').map((said) => ({
    id: said.charAt(0),
    type: said.includes('?') ? 'quiz' : 'text',
    available_after_days: /\d/.test(said) ? Number(said.replace(/\D/g, '')) : null,
  }))
}

function standingsAt(
  text: string,
  { completed = '', sequential = true, at = begun }: { completed?: string; sequential?: boolean; at?: Date },
) {
  return standingsOf(stepsOf(text), { sequential, completed: new Set(completed), activatedAt: begun, at })
}

const letters = { open: 'o', locked: 'l', completed: 'c' }

describe('the states of four lessons', () => {
  it.each([
    ['', false, 'oooo', null],
    ['bd', false, 'ococ', null],
    ['abcd', false, 'cccc', null],
    ['', true, 'olll', 'a'],
    ['a', true, 'coll', 'b'],
    ['ab', true, 'ccol', 'c'],
    ['abc', true, 'ccco', 'd'],
    ['abcd', true, 'cccc', null],
    // a lesson was put in front of what is completed already
    ['b', true, 'ocll', 'a'],
    ['acd', true, 'cocc', 'b'],
  ])('with %j completed, sequential %s: %s, locked by %j', (completed, sequential, states, lockedBy) => {
    const { standings, end } = standingsAt('a b c d', { completed, sequential })
    expect(standings.map(({ state }) => letters[state]).join('')).toBe(states)
    for (const { state, lock } of standings)
      expect(lock).toEqual(
        state === 'locked' ? { rule: 'earlier_lesson', lessonId: lockedBy, opensAt: null } : null,
      )
    expect(end?.lessonId ?? null).toBe(lockedBy)
  })
})

describe('which rule locks the last of these, and when that may change', () => {
  const at = { rule: 'date', lessonId: null }
  const earlier = { rule: 'earlier_lesson', lessonId: 'a' }
  it.each([
    ['any order, its day has not come', 'a b7', { sequential: false }, { ...at, opensAt: day(7) }],
    [
      'any order, a millisecond before',
      'b1',
      { sequential: false, at: new Date(+day(1) - 1) },
      { ...at, opensAt: day(1) },
    ],
    ['any order, at the moment itself', 'b1', { sequential: false, at: day(1) }, null],
    ['no days: with the enrollment', 'a0', {}, null],
    ['an earlier lesson', 'a b', {}, { ...earlier, opensAt: null }],
    ['an earlier lesson, and its own day too', 'a b7', {}, { ...earlier, opensAt: day(7) }],
    ['an earlier lesson, its day has come', 'a b7', { at: day(7) }, { ...earlier, opensAt: null }],
    ['an earlier lesson that has to wait itself', 'a9 b7', {}, { ...earlier, opensAt: day(9) }],
    ['in front of it a later day than its own', 'a b9 c7', {}, { ...earlier, opensAt: day(9) }],
    ['all before it done: only its day', 'a b7', { completed: 'a' }, { ...at, opensAt: day(7) }],
    [
      'a day of what is completed does not count',
      'a b9 c',
      { completed: 'b' },
      { ...earlier, opensAt: null },
    ],
    ['a quiz before it', 'a? b', {}, { rule: 'exam', lessonId: 'a', opensAt: null }],
    ['completed, whatever the day', 'a b7', { completed: 'b' }, null],
  ])('%s (%s)', (_, text, terms, lock) => {
    expect(standingsAt(text, terms).standings.at(-1)?.lock).toEqual(lock)
  })
})

describe('what locks the exam', () => {
  it.each([
    ['in any order, nothing', 'a b7', { sequential: false }, null],
    ['the first lesson that is missing', 'a b', {}, { rule: 'earlier_lesson', lessonId: 'a', opensAt: null }],
    ['with the last day of all', 'a b9 c7', {}, { rule: 'earlier_lesson', lessonId: 'a', opensAt: day(9) }],
    ['a quiz', 'a b?', { completed: 'a' }, { rule: 'exam', lessonId: 'b', opensAt: null }],
    ['nothing, when all is done', 'a b', { completed: 'ab' }, null],
  ])('%s (%s)', (_, text, terms, lock) => {
    expect(standingsAt(text, terms).end).toEqual(lock)
  })
})

describe('summaryFrom', () => {
  it.each([
    [0, 0, false, 0, false],
    [0, 3, false, 0, false],
    [1, 3, false, 33, false],
    [2, 3, false, 66, false],
    [3, 3, false, 100, true],
    [199, 200, false, 99, false],
    [1999, 2000, false, 99, false],
    [1, 1, false, 100, true],
    [1, 1, true, 99, false],
    [1, 2, true, 50, false],
    [0, 0, true, 0, false],
  ])(
    '%i of %i lessons, an exam missing %s: %i percent, complete: %s',
    (completedLessons, totalLessons, examMissing, percent, complete) => {
      const counted = { completedLessons, totalLessons, examMissing }
      expect(summaryFrom(counted)).toEqual({ completedLessons, totalLessons, percent })
      expect(isComplete(counted)).toBe(complete)
    },
  )
})

describe('nextOf', () => {
  it.each([
    ['', true, 0],
    ['a', true, 1],
    ['b', false, 0],
    ['abcd', true, -1],
  ])('with %j completed, sequential %s: number %i', (completed, sequential, index) => {
    const { standings } = standingsAt('a b c d', { completed, sequential })
    expect(nextOf(standings)).toBe(index < 0 ? undefined : standings[index])
  })
})
