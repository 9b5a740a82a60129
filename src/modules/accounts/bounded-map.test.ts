import { expect, it } from 'vitest'
import { setBounded } from './bounded-map.ts'

it('keeps the newest, and an entry that is set again does not put another out', () => {
  const map = new Map<string, number>()
  for (const [i, key] of ['a', 'b', 'c', 'c'].entries()) setBounded(map, key, i, 2)
  expect([...map]).toEqual([
    ['b', 1],
    ['c', 3],
  ])
})
