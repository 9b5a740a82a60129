import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { expect, it } from 'vitest'
import { appendPart } from './append-part.ts'
import { partPath } from './part-files.ts'

it('gives the memory of each piece back as soon as it is written, but where others share it', async () => {
  const dataFolder = await mkdtemp(join(tmpdir(), 'lectern-parts-'))
  const own = ['one ', 'two ', 'three '].map((text) => {
    const piece = Buffer.allocUnsafeSlow(text.length)
    piece.write(text)
    return piece
  })
  const shared = Buffer.alloc(64, 'shared ').subarray(0, 6)
  const source = Readable.from([...own, shared])
  const { signal } = new AbortController()
  const part = { id: 'a', offset: 0, length: 20, source, checksum: null, signal }
  expect(await appendPart({ dataFolder }, part)).toEqual({ offset: 20, broken: false })
  expect(await readFile(partPath({ dataFolder }, 'a'), 'utf8')).toBe('one two three shared')
  expect(own.map(({ buffer }) => (buffer as ArrayBuffer).detached)).toEqual([true, true, true])
  expect(shared.toString()).toBe('shared')
  await rm(dataFolder, { recursive: true })
})
