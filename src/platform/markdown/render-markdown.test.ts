import { setImmediate } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { renderMarkdown } from './render-markdown.ts'

const render = (text: string) => renderMarkdown(text, { publicUrl: 'http://lectern.test' })

/** As long as a body may be. */
const long = 200_000
const hostile: readonly (readonly [string, string])[] = [
  ['pictures that are not closed', '!['.repeat(long / 2)],
  ['links that are not closed', '['.repeat(long)],
  ['a table', `|a|b|\n|-|-|\n${'|x|y|\n'.repeat(long / 6 - 3)}`],
  ['addresses of links', '[a]: x\n'.repeat(long / 7)],
  ['emphasis that is not closed', '*a_ '.repeat(long / 4)],
]

it.each(hostile)('%s: all others are served meanwhile', async (_what, text) => {
  await render('*warm*')
  const order: string[] = []
  const rendering = render(text).then(() => order.push('rendered'))
  for (let turn = 0; turn < 3; turn++) {
    await setImmediate()
    order.push('another')
  }
  await rendering
  expect(order).toEqual(['another', 'another', 'another', 'rendered'])
})

it('what takes too long is given as it was written, and others are rendered after it', async () => {
  const slow = `<b>${'!['.repeat(1_000_000)}`
  const [given, next] = await Promise.all([render(slow), render('*next*')])
  expect(given).toBe(`<pre>&lt;b&gt;${'!['.repeat(1_000_000)}</pre>\n`)
  expect(next).toBe('<p><em>next</em></p>\n')
})

it('many texts at once are each given their own', async () => {
  const texts = Array.from({ length: 30 }, (_, index) => `text ${index}`)
  expect(await Promise.all(texts.map(render))).toEqual(texts.map((text) => `<p>${text}</p>\n`))
})

it('503 overloaded: more texts at once than can be waited for', async () => {
  const texts = Array.from({ length: 60 }, (_, index) => `crowd ${index}`)
  const outcomes = await Promise.allSettled(texts.map(render))
  const refused = outcomes.filter(({ status }) => status === 'rejected')
  expect(refused).toHaveLength(9)
  expect(refused[0]).toMatchObject({ reason: { kind: { status: 503 } } })
  expect(await render('crowd 59')).toBe('<p>crowd 59</p>\n')
})
