import { describe, expect, it } from 'vitest'
import { changeDestinations, destinationsIn, lineAt } from './destinations.ts'
import { toHtml } from './to-html.ts'

const addresses = (text: string) => destinationsIn(text).map(({ address }) => address)
/** What the rendered text leads to or shows, as the reader has it. */
const rendered = (text: string) =>
  [...toHtml(text, { publicUrl: 'http://lectern.test' }).matchAll(/(?:src|href)="([^"]*)"/g)].map(
    ([, address]) => address,
  )

describe('what a text leads to is found as it is rendered', () => {
  it.each([
    ['![a](/api/media/1)', ['/api/media/1']],
    ['![a](/api/media/1 "title") and [b]( /api/media/2 )', ['/api/media/1', '/api/media/2']],
    ['[![a](/api/media/1)](/api/media/2)', ['/api/media/1', '/api/media/2']],
    ['![a](</api/media/1>)', ['/api/media/1']],
    ['![a\nb](\n/api/media/1)', ['/api/media/1']],
    ['![a][one]\n\n[one]: /api/media/1 "title"', ['/api/media/1']],
    ['![a][one]\n\n[one]:\n  </api/media/1>', ['/api/media/1']],
    ['> - ![a](/api/media/1)', ['/api/media/1']],
    ['| a |\n|---|\n| ![a](/api/media/1) |', ['/api/media/1']],
    ['`![a](/api/media/1)`', []],
    ['``![a](/api/media/1)` ``', []],
    ['` ![a](/api/media/1)', ['/api/media/1']],
    ['\\`![a](/api/media/1)\\`', ['/api/media/1']],
    ['`one` ![a](/api/media/1) `two`', ['/api/media/1']],
    ['`one\n\n![a](/api/media/1) two`', ['/api/media/1']],
    ['```\n![a](/api/media/1)\n```\n![b](/api/media/2)', ['/api/media/2']],
    ['~~~md\n![a](/api/media/1)\n```\n~~~\n![b](/api/media/2)', ['/api/media/2']],
    ['````\n```\n![a](/api/media/1)\n````\n![b](/api/media/2)', ['/api/media/2']],
    ['- ```\n  ![a](/api/media/1)\n  ```', []],
    ['```\n![a](/api/media/1)', []],
    ['/api/media/1 is text', []],
    ['', []],
  ])('%j', (text, found) => {
    expect(addresses(text)).toEqual(found)
    expect(new Set(rendered(text))).toEqual(new Set(found))
  })
})

it('addresses are changed where they stand, and nothing else is', () => {
  const text = '![a](one "one") one `[b](one)`\n\n[c](<one>)\r\n\n[d]: two'
  const change = (address: string) => (address === 'one' ? '1' : null)
  expect(changeDestinations(text, change)).toBe('![a](1 "one") one `[b](one)`\n\n[c](<1>)\r\n\n[d]: two')
})

it('knows the line', () => {
  const text = 'a\nb\n![c](d)'
  expect(destinationsIn(text).map(({ start }) => lineAt(text, start))).toEqual([3])
})

/** As long as a body may be: to look at each of these again and again would take minutes. */
const long = 200_000
it.each([
  ['pictures that are not closed', '!['.repeat(long / 2), 0],
  ['beginnings of addresses', ']('.repeat(long / 2), 50_000],
  ['spaces in place of addresses', '](  '.repeat(long / 4), 25_000],
  ['definitions', '[a]: x\n'.repeat(long / 8), long / 8],
  ['labels that are not closed', `${'['.repeat(900)}\n`.repeat(222), 0],
  ['backticks', Array.from({ length: 600 }, (_, index) => '`'.repeat(index + 1)).join(' '), 0],
  ['pairs of backticks', '`a` '.repeat(long / 4), 0],
])('%s are looked at a few times', (_what, text, found) => {
  expect(destinationsIn(text)).toHaveLength(found)
})
