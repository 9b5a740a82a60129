import { expect, it } from 'vitest'
import { formatCode, readCode } from './rules.ts'

it('a code is shown in groups of four', () => {
  expect(formatCode('0123456789AB')).toBe('0123-4567-89AB')
})

it.each([
  ['as it is shown', '0123-4567-89AB'],
  ['in small letters', '0123-4567-89ab'],
  ['with spaces', ' 0123 4567 89AB '],
  ['without dashes', '0123456789AB'],
  ['with letters for the digits they look like', 'OI23-4567-89AB'],
])('a code typed %s is the same code', (_how, typed) => {
  expect(readCode(typed)).toBe('0123456789AB')
})
