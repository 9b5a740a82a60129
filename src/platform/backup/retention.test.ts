import { expect, it } from 'vitest'
import { findSuperfluous, readKeep } from './retention.ts'

it.each([
  ['7', { count: 7, days: null }],
  ['30d', { count: null, days: 30 }],
  ['7,30d', { count: 7, days: 30 }],
  ['7, 30d', { count: 7, days: 30 }],
  ['0', null],
  ['0d', null],
  ['30d,7', null],
  ['a week', null],
  ['-1', null],
  ['7.5', null],
])('%s is read as %o', (said, keep) => expect(readKeep(said)).toEqual(keep))

const at = new Date('2026-06-30T12:00:00Z')
const aged = (days: number) => ({ days, createdAt: new Date(at.getTime() - days * 86_400_000) })

it.each([
  ['7', [0, 1, 2], []],
  ['2', [0, 1, 2, 3], [2, 3]],
  ['2', [3, 1, 0, 2], [2, 3]],
  ['2d', [0, 1, 2, 3], [3]],
  ['2d', [0, 1.9, 2.1], [2.1]],
  ['1,2d', [0, 1, 2, 3], [3]],
  ['3,1d', [0, 1, 2, 3], [3]],
  ['3,1d', [10, 20, 30, 40], [40]],
  ['1d', [10, 20, 30], [20, 30]],
  ['1', [], []],
])('keeping %s of backups that are %o days old removes those of %o', (said, ages, removed) => {
  const keep = readKeep(said)
  if (!keep) throw new Error('not read')
  expect(findSuperfluous(ages.map(aged), keep, at).map(({ days }) => days)).toEqual(removed)
})
