import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { systemClock } from '../clock.ts'
import { createLocalStorage } from './local.ts'
import type { ByteRange, Storage } from './storage.ts'

let folder: string
let storage: Storage

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lectern-storage-'))
  storage = await createLocalStorage({ folder, clock: systemClock })
})
afterEach(() => rmSync(folder, { recursive: true }))

const text = { contentType: 'text/plain; charset=utf-8' }
const incoming = () => readdirSync(join(folder, '.incoming'))

async function contentOf(key: string, range?: ByteRange): Promise<string | null> {
  const object = await storage.open(key, range)
  if (!object) return null
  const bytes = await buffer(object.stream)
  expect(bytes.length).toBe(object.bytes)
  return bytes.toString()
}

describe('put and open', () => {
  test('gives back bytes, sizes and content type, also after a restart', async () => {
    expect(await storage.put('media/2026/a_b-1.txt', Readable.from(['hello ', 'world']), text)).toEqual({
      bytes: 11,
    })
    storage = await createLocalStorage({ folder, clock: systemClock })
    const object = await storage.open('media/2026/a_b-1.txt')
    expect(object).toMatchObject({ bytes: 11, totalBytes: 11, ...text })
    object?.stream.destroy()
    expect(await contentOf('media/2026/a_b-1.txt')).toBe('hello world')
  })

  test('tells size and type without the bytes, and has no address of its own', async () => {
    await storage.put('folder/a', Buffer.from('bytes'), text)
    expect(await storage.head('folder/a')).toEqual({ totalBytes: 5, ...text })
    expect(await storage.head('folder')).toBeNull()
    expect(await storage.head('missing')).toBeNull()
    expect(await storage.link('folder/a', { seconds: 60 })).toBeNull()
  })

  test('takes a buffer, and one without any bytes', async () => {
    await storage.put('a', Buffer.from('bytes'), text)
    expect(await storage.put('none', Buffer.alloc(0), text)).toEqual({ bytes: 0 })
    expect(await contentOf('a')).toBe('bytes')
    expect(await contentOf('none')).toBe('')
  })

  test('replaces bytes and type together, while one who reads the old ones goes on', async () => {
    await storage.put('a', Buffer.from('old'), text)
    const old = await storage.open('a')
    await storage.put('a', Buffer.from('newer'), { contentType: 'image/png' })
    const renewed = await storage.open('a')
    renewed?.stream.destroy()
    expect(renewed?.contentType).toBe('image/png')
    expect(await contentOf('a')).toBe('newer')
    expect(old && (await buffer(old.stream)).toString()).toBe('old')
  })

  test('of many writers at once one wins, whole', async () => {
    const writers = Array.from({ length: 20 }, (_, i) => ({
      content: `${i}`.repeat(50_000),
      type: `test/t${i}`,
    }))
    await Promise.all(
      writers.map(({ content, type }) =>
        storage.put('raced', Readable.from([content]), { contentType: type }),
      ),
    )
    const object = await storage.open('raced')
    const winner = writers.find(({ type }) => type === object?.contentType)
    expect(object && (await buffer(object.stream)).toString()).toBe(winner?.content)
    expect(incoming()).toEqual([])
  })

  test('is null for what is not there, a folder included', async () => {
    await storage.put('folder/object', Buffer.from('x'), text)
    expect(await storage.open('missing')).toBeNull()
    expect(await storage.open('folder')).toBeNull()
    expect(await storage.open('folder/object/below')).toBeNull()
  })

  test('refuses a file that it did not write rather than cut its end off', async () => {
    await writeFile(join(folder, 'foreign'), `${'x'.repeat(900)}/${'x'.repeat(99)}`)
    await expect(storage.open('foreign')).rejects.toThrow('foreign is damaged')
    await writeFile(join(folder, 'short'), 'x')
    await expect(storage.open('short')).rejects.toThrow('short is damaged')
  })
})

describe('a range', () => {
  test.each([
    [{ start: 0, end: 0 }, 'a'],
    [{ start: 2, end: 4 }, 'cde'],
    [{ start: 9, end: 9 }, 'j'],
    [{ start: 7, end: 1_000_000 }, 'hij'],
    [{ start: 0, end: Number.MAX_SAFE_INTEGER }, 'abcdefghij'],
  ])('%j gives %s', async (range, expected) => {
    await storage.put('letters', Buffer.from('abcdefghij'), text)
    expect(await contentOf('letters', range)).toBe(expected)
  })

  test.each([
    { start: 10, end: 12 },
    { start: 5, end: 4 },
    { start: -1, end: 4 },
    { start: 0.5, end: 4 },
    { start: Number.NaN, end: 4 },
  ])('%j is a RangeError', async (range) => {
    await storage.put('letters', Buffer.from('abcdefghij'), text)
    await expect(storage.open('letters', range)).rejects.toThrow(RangeError)
  })

  test('of an object without bytes is a RangeError', async () => {
    await storage.put('none', Buffer.alloc(0), text)
    await expect(storage.open('none', { start: 0, end: 0 })).rejects.toThrow(RangeError)
  })
})

test('delete removes the object, and again does nothing', async () => {
  await storage.put('folder/a', Buffer.from('x'), text)
  await storage.delete('folder/a')
  await storage.delete('folder/a')
  await storage.delete('folder')
  expect(await storage.open('folder/a')).toBeNull()
})

describe('keys and types', () => {
  test.each([
    '',
    '/etc/passwd',
    '../outside',
    'a/../../outside',
    'a/..',
    'a//b',
    'a/',
    'a/.hidden',
    '.incoming/a',
    'a..b',
    'a.',
    'A',
    'a b',
    'a\\b',
    'a\0',
    'a\n',
    'é',
    'c:/a',
    'a'.repeat(501),
  ])('%j is no key', async (key) => {
    await expect(storage.put(key, Buffer.from('x'), text)).rejects.toThrow(RangeError)
    await expect(storage.open(key)).rejects.toThrow(RangeError)
    await expect(storage.delete(key)).rejects.toThrow(RangeError)
  })

  test.each(['', 'png', 'image/', 'text/html\r\nx: y', `a/${'b'.repeat(200)}`])(
    '%j is no content type',
    async (contentType) => {
      await expect(storage.put('a', Buffer.from('x'), { contentType })).rejects.toThrow(RangeError)
      expect(await storage.open('a')).toBeNull()
    },
  )
})

describe('what fails half-way', () => {
  async function* breaking() {
    yield Buffer.alloc(100_000)
    throw new Error('the client went away')
  }

  test('a broken source leaves the key as it was and no file behind', async () => {
    await storage.put('a', Buffer.from('before'), text)
    await expect(storage.put('a', Readable.from(breaking()), text)).rejects.toThrow('the client went away')
    expect(await contentOf('a')).toBe('before')
    expect(incoming()).toEqual([])
  })

  test('a killed process leaves nothing under the key, and its remains go after an hour', async () => {
    const module = join(import.meta.dirname, 'local.ts')
    const program = `import { createLocalStorage } from ${JSON.stringify(module)}
      const storage = await createLocalStorage({ folder: process.argv[1], clock: { now: () => new Date() } })
      await storage.put('a', process.stdin, { contentType: 'text/plain' })`
    const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', program, folder])
    child.stdin.on('error', () => {})
    child.stdin.write(Buffer.alloc(1_000_000))
    await vi.waitFor(
      () => expect(statSync(join(folder, '.incoming', incoming()[0] ?? '?')).size).toBe(1_000_000),
      {
        timeout: 10_000,
      },
    )
    child.kill('SIGKILL')
    await once(child, 'exit')

    expect(await storage.open('a')).toBeNull()
    const inMinutes = (minutes: number) => ({ now: () => new Date(Date.now() + minutes * 60_000) })
    await createLocalStorage({ folder, clock: inMinutes(59) })
    expect(incoming()).toHaveLength(1)
    await createLocalStorage({ folder, clock: inMinutes(61) })
    expect(incoming()).toEqual([])
  })

  test('an upload that is still being written survives another process that starts', async () => {
    let finish = () => {}
    const finished = new Promise<void>((resolve) => {
      finish = resolve
    })
    async function* slow() {
      yield 'one '
      await finished
      yield 'two'
    }
    const put = storage.put('a', Readable.from(slow()), text)
    await vi.waitFor(() => expect(incoming()).toHaveLength(1))
    await createLocalStorage({ folder, clock: systemClock })
    finish()
    await put
    expect(await contentOf('a')).toBe('one two')
  })
})

test('a large source is written as it comes, never gathered in memory', async () => {
  const chunk = Buffer.alloc(256 * 1024)
  let given = 0
  let furthestAhead = 0
  async function* source() {
    for (let i = 0; i < 256; i++) {
      const [name] = incoming()
      if (name)
        furthestAhead = Math.max(furthestAhead, given - statSync(join(folder, '.incoming', name)).size)
      given += chunk.length
      yield chunk
    }
  }
  expect(await storage.put('large', Readable.from(source()), text)).toEqual({ bytes: 64 * 1024 * 1024 })
  expect(furthestAhead).toBeGreaterThan(0)
  expect(furthestAhead).toBeLessThan(8 * 1024 * 1024)
})

test('the stored file begins with the bytes themselves, for a person with an image viewer', async () => {
  await storage.put('image.png', Buffer.from('PNG'), { contentType: 'image/png' })
  expect((await readFile(join(folder, 'image.png'))).subarray(0, 3).toString()).toBe('PNG')
})
