import { Readable } from 'node:stream'
import { expect, it } from 'vitest'
import { inParts } from './parts.ts'

it.each([
  [[], ['']],
  [['abc'], ['abc']],
  [['abcd'], ['abcd']],
  [['abcde'], ['abcd', 'e']],
  [
    ['a', 'bc', 'defghijk', '', 'l'],
    ['abcd', 'efgh', 'ijkl'],
  ],
])('%j in parts of 4: %j, and it is said which is the last', async (chunks, expected) => {
  for (const source of [
    Readable.from(chunks.map((text) => Buffer.from(text))),
    Buffer.from(chunks.join('')),
  ]) {
    const parts: string[] = []
    const lasts: boolean[] = []
    for await (const { bytes, last } of inParts(source, 4)) {
      parts.push(bytes.toString())
      lasts.push(last)
    }
    expect(parts).toEqual(expected)
    expect(lasts).toEqual(expected.map((_, index) => index === expected.length - 1))
  }
})

it('takes the memory of two parts, and leaves the one before as it is while the next is read', async () => {
  const memory = new Set<ArrayBufferLike>()
  let before: { bytes: Buffer; text: string } | null = null
  let count = 0
  for await (const { bytes } of inParts(
    Readable.from(Array.from({ length: 99 }, (_, n) => `${n % 10}`)),
    10,
  )) {
    if (before) expect(before.bytes.toString()).toBe(before.text)
    before = { bytes, text: bytes.toString() }
    memory.add(bytes.buffer)
    count++
  }
  expect({ count, memory: memory.size }).toEqual({ count: 10, memory: 2 })
})

it('lets go of its source where nobody wants more of it', async () => {
  const source = Readable.from(['abcdef', 'ghijkl'])
  for await (const _ of inParts(source, 4)) break
  expect(source.destroyed).toBe(true)
})
