import { expect, it } from 'vitest'
import { canonicalLanguage } from './languages.ts'

it.each([
  ['en', 'en'],
  ['EN-in', 'en-IN'],
  ['zh-hant-tw', 'zh-Hant-TW'],
  ['iw', 'he'],
  ['', null],
  ['en_IN', null],
  ['english, please', null],
])('the language tag %j is %j', (tag, canonical) => {
  expect(canonicalLanguage(tag)).toBe(canonical)
})
