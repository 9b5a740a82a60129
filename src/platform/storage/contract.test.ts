import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { startFakeCloudinary } from '../../../test/support/fake-cloudinary.ts'
import { startS3Server } from '../../../test/support/s3-server.ts'
import { systemClock } from '../clock.ts'
import { createLocalStorage } from './local.ts'
import { createS3Storage } from './s3.ts'
import type { ByteRange, Storage } from './storage.ts'

interface Store {
  readonly storage: Storage
  /** How many bytes the store has been given by now. */
  received(): number | Promise<number>
  /** How much it may hold in memory before it gives it to the store. */
  readonly mostAhead: number
  close(): Promise<void>
}

const mebibyte = 1024 * 1024

const stores: Record<string, () => Promise<Store>> = {
  async local() {
    const folder = await mkdtemp(join(tmpdir(), 'lectern-storage-'))
    const incoming = join(folder, '.incoming')
    return {
      storage: await createLocalStorage({ folder, clock: systemClock }),
      async received() {
        const names = await readdir(incoming)
        return names[0] ? (await stat(join(incoming, names[0]))).size : 0
      },
      mostAhead: 8 * mebibyte,
      close: () => rm(folder, { recursive: true }),
    }
  },
  async s3() {
    const server = await startS3Server()
    return {
      storage: createS3Storage({ ...server, clock: systemClock }),
      received: server.received,
      mostAhead: 16 * mebibyte,
      close: server.close,
    }
  },
  async cloudinary() {
    const server = await startFakeCloudinary()
    // Where its SDK looks, as it is loaded, whether to speak plain HTTP.
    vi.stubEnv('CLOUDINARY_URL', server.url())
    const { createCloudinaryStorage } = await import('./cloudinary.ts')
    return {
      storage: createCloudinaryStorage({ url: server.url(), clock: systemClock }),
      received: server.received,
      mostAhead: 16 * mebibyte,
      close: server.close,
    }
  },
}

const text = { contentType: 'text/plain; charset=utf-8' }

describe.each(Object.entries(stores))('the %s store', (name, open) => {
  const takesNoEmptyFile = name === 'cloudinary'
  let store: Store
  let storage: Storage
  beforeAll(async () => {
    store = await open()
    storage = store.storage
  })
  afterAll(() => store.close())

  async function contentOf(key: string, range?: ByteRange): Promise<string | null> {
    const object = await storage.open(key, range)
    if (!object) return null
    const bytes = await buffer(object.stream)
    expect(bytes.length).toBe(object.bytes)
    return bytes.toString()
  }

  describe('put and open', () => {
    test('gives back bytes, sizes and content type', async () => {
      const put = storage.put('media/2026/a_b-1.txt', Readable.from(['hello ', 'world']), text)
      expect(await put).toEqual({ bytes: 11 })
      const object = await storage.open('media/2026/a_b-1.txt')
      expect(object).toMatchObject({ bytes: 11, totalBytes: 11, ...text })
      object?.stream.destroy()
      expect(await contentOf('media/2026/a_b-1.txt')).toBe('hello world')
    })

    test('takes a buffer', async () => {
      expect(await storage.put('a', Buffer.from('bytes'), text)).toEqual({ bytes: 5 })
      expect(await contentOf('a')).toBe('bytes')
    })

    if (takesNoEmptyFile)
      test('refuses an object without any bytes', async () => {
        await expect(storage.put('none', Buffer.alloc(0), text)).rejects.toThrow()
        expect(await storage.head('none')).toBeNull()
      })
    else
      test('takes an object without any bytes, of which every range is a RangeError', async () => {
        expect(await storage.put('none', Buffer.alloc(0), text)).toEqual({ bytes: 0 })
        expect(await contentOf('none')).toBe('')
        expect(await storage.head('none')).toEqual({ totalBytes: 0, ...text })
        await expect(storage.open('none', { start: 0, end: 0 })).rejects.toThrow(RangeError)
      })

    test('replaces bytes and type together', async () => {
      await storage.put('replaced', Buffer.from('old'), text)
      await storage.put('replaced', Buffer.from('newer'), { contentType: 'image/png' })
      expect(await storage.head('replaced')).toEqual({ totalBytes: 5, contentType: 'image/png' })
      expect(await contentOf('replaced')).toBe('newer')
    })

    test('is null for what is not there, a folder included', async () => {
      await storage.put('folder/object', Buffer.from('x'), text)
      for (const key of ['missing', 'folder', 'folder/object/below']) {
        expect(await storage.open(key)).toBeNull()
        expect(await storage.open(key, { start: 0, end: 1 })).toBeNull()
        expect(await storage.head(key)).toBeNull()
      }
    })

    test('head tells size and type without the bytes', async () => {
      await storage.put('folder/told', Buffer.from('bytes'), text)
      expect(await storage.head('folder/told')).toEqual({ totalBytes: 5, ...text })
    })
  })

  describe('a range', () => {
    beforeAll(async () => {
      await storage.put('letters', Buffer.from('abcdefghij'), text)
    })
    test.each([
      [{ start: 0, end: 0 }, 'a'],
      [{ start: 2, end: 4 }, 'cde'],
      [{ start: 9, end: 9 }, 'j'],
      [{ start: 7, end: 1_000_000 }, 'hij'],
      [{ start: 0, end: Number.MAX_SAFE_INTEGER }, 'abcdefghij'],
    ])('%j gives %s, and the size of the whole', async (range, expected) => {
      expect(await contentOf('letters', range)).toBe(expected)
      const object = await storage.open('letters', range)
      object?.stream.destroy()
      expect(object).toMatchObject({ bytes: expected.length, totalBytes: 10, ...text })
    })

    test.each([
      { start: 10, end: 12 },
      { start: 5, end: 4 },
      { start: -1, end: 4 },
      { start: 0.5, end: 4 },
      { start: Number.NaN, end: 4 },
    ])('%j is a RangeError', async (range) => {
      await expect(storage.open('letters', range)).rejects.toThrow(RangeError)
    })
  })

  test('delete removes the object, and again does nothing', async () => {
    await storage.put('gone/a', Buffer.from('x'), text)
    await storage.delete('gone/a')
    await storage.delete('gone/a')
    await storage.delete('gone')
    expect(await storage.open('gone/a')).toBeNull()
    expect(await storage.head('gone/a')).toBeNull()
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
      await expect(storage.head(key)).rejects.toThrow(RangeError)
      await expect(storage.link(key, { seconds: 60 })).rejects.toThrow(RangeError)
      await expect(storage.delete(key)).rejects.toThrow(RangeError)
    })

    test.each(['', 'png', 'image/', 'text/html\r\nx: y', `a/${'b'.repeat(200)}`])(
      '%j is no content type',
      async (contentType) => {
        await expect(storage.put('typed', Buffer.from('x'), { contentType })).rejects.toThrow(RangeError)
        expect(await storage.open('typed')).toBeNull()
      },
    )
  })

  test.each([1, 12])('a source that breaks after %d MiB leaves the key as it was', async (mebibytes) => {
    async function* breaking() {
      for (let i = 0; i < mebibytes; i++) yield Buffer.alloc(mebibyte)
      throw new Error('the client went away')
    }
    await storage.put('kept', Buffer.from('before'), text)
    await expect(storage.put('kept', Readable.from(breaking()), text)).rejects.toThrow('the client went away')
    expect(await contentOf('kept')).toBe('before')
  })

  test('a large source is given on as it comes, never gathered in memory, and comes back the same', async () => {
    const size = 48 * mebibyte
    const before = await store.received()
    let given = 0
    let furthestAhead = 0
    let received = 0
    async function* source() {
      for (; given < size; given += mebibyte / 4) {
        const chunk = Buffer.alloc(mebibyte / 4, given / (mebibyte / 4))
        received = (await store.received()) - before
        furthestAhead = Math.max(furthestAhead, given - received)
        yield chunk
      }
    }
    expect(await storage.put('large', Readable.from(source()), text)).toEqual({ bytes: size })
    expect(received).toBeGreaterThan(0)
    expect(furthestAhead).toBeLessThan(store.mostAhead)
    const object = await storage.open('large')
    expect(object?.totalBytes).toBe(size)
    let at = 0
    let wrong = 0
    for await (const chunk of object?.stream ?? []) {
      for (let i = 0; i < chunk.length; i += 4096) {
        if (chunk[i] !== (Math.floor((at + i) / (mebibyte / 4)) & 0xff)) wrong += 1
      }
      at += chunk.length
    }
    expect({ at, wrong }).toEqual({ at: size, wrong: 0 })
  })
})
