import { expect, it } from 'vitest'
import { seal, unseal } from './sealing.ts'

const plain = Buffer.from('private')

it('opens under the secret that it was sealed with, wherever it stands in the list', () => {
  const sealed = seal(plain, 'old', 'key')
  expect(sealed.includes(plain)).toBe(false)
  expect(unseal(sealed, ['new', 'old'], 'key')).toEqual(plain)
})

it('is null under others, for another purpose, and where a byte was changed', () => {
  const sealed = seal(plain, 'old', 'key')
  expect(unseal(sealed, ['old'], 'another')).toBeNull()
  expect(unseal(sealed, ['new'], 'key')).toBeNull()
  sealed[14] = (sealed[14] ?? 0) ^ 1
  expect(unseal(sealed, ['old'], 'key')).toBeNull()
})
