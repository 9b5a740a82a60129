import { expect, it } from 'vitest'
import { isUnderstood } from './understanding.ts'

const repeated = (times: number, text: string, divider: string) => Array(times).fill(text).join(divider)
const form = `'${'語'.repeat(40)}':*`

it.each([
  ['a word', `('paint':*)`],
  ['forms and words', `('paint':* | 'pains') & ('c':*)`],
  [
    'eight words, each with its stem and three that it resembles',
    repeated(8, `(${repeated(5, form, ' | ')})`, ' & '),
  ],
])('%s may have been understood', (_what, text) => {
  expect(isUnderstood(text)).toBe(true)
})

it.each([
  ['nothing', ''],
  ['a word of its own', 'paint'],
  ['a negation', `(!'paint')`],
  ['a quote in a word', `('it''s')`],
  ['more words than are looked at', repeated(9, `('a':*)`, ' & ')],
  ['more forms than a word has', `(${repeated(6, `'a':*`, ' | ')})`],
  ['a number', 7],
])('%s was never understood', (_what, text) => {
  expect(isUnderstood(text)).toBe(false)
})
