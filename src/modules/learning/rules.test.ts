import { describe, expect, it } from 'vitest'
import { gateOf, isComplete, nextOf, type Standing, standingOf, summaryOf } from './rules.ts'

const lessons = ['a', 'b', 'c', 'd']

function statesOf(completed: string, sequential: boolean): Standing[] {
  const done = new Set(completed)
  const gate = gateOf(lessons, done, sequential)
  return lessons.map((id) => standingOf(id, done, gate))
}

const letters = { open: 'o', locked: 'l', completed: 'c' }

describe('the states of four lessons', () => {
  it.each([
    ['', false, 'oooo', ''],
    ['bd', false, 'ococ', ''],
    ['abcd', false, 'cccc', ''],
    ['', true, 'olll', 'a'],
    ['a', true, 'coll', 'b'],
    ['ab', true, 'ccol', 'c'],
    ['abc', true, 'ccco', ''],
    ['abcd', true, 'cccc', ''],
    // a lesson was put in front of what is completed already
    ['b', true, 'ocll', 'a'],
    ['acd', true, 'cocc', ''],
  ])('with %j completed, sequential %s: %s, locked by %j', (completed, sequential, states, lockedBy) => {
    const standings = statesOf(completed, sequential)
    expect(standings.map(({ state }) => letters[state]).join('')).toBe(states)
    const locked = standings.filter(({ state }) => state === 'locked')
    expect(locked.every((standing) => standing.lockedBy === lockedBy)).toBe(true)
    expect(
      standings.filter(({ state }) => state !== 'locked').every((standing) => standing.lockedBy === null),
    ).toBe(true)
  })
})

describe('summaryOf', () => {
  it.each([
    [0, 0, 0, false],
    [0, 3, 0, false],
    [1, 3, 33, false],
    [2, 3, 66, false],
    [3, 3, 100, true],
    [199, 200, 99, false],
    [1999, 2000, 99, false],
    [1, 1, 100, true],
  ])('%i of %i lessons is %i percent, complete: %s', (completed, total, percent, complete) => {
    const all = Array.from({ length: total }, (_, index) => ({
      state: index < completed ? ('completed' as const) : ('open' as const),
      lockedBy: null,
    }))
    const summary = summaryOf(all)
    expect(summary).toEqual({ completedLessons: completed, totalLessons: total, percent })
    expect(isComplete(summary)).toBe(complete)
  })
})

describe('nextOf', () => {
  it.each([
    ['', true, 0],
    ['a', true, 1],
    ['b', false, 0],
    ['abcd', true, -1],
  ])('with %j completed, sequential %s: number %i', (completed, sequential, index) => {
    const standings = statesOf(completed, sequential)
    expect(nextOf(standings)).toBe(index < 0 ? undefined : standings[index])
  })
})
