import { expect, it } from 'vitest'
import { isId, newId } from './ids.ts'

it('gives ids whose order is the order of creation, within a millisecond too', () => {
  const ids = Array.from({ length: 10_000 }, newId)
  expect(ids.toSorted()).toEqual(ids)
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.every(isId)).toBe(true)
})
