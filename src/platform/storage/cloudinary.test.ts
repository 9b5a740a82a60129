import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type FakeCloudinary, startFakeCloudinary } from '../../../test/support/fake-cloudinary.ts'
import { systemClock } from '../clock.ts'
import type { Storage } from './storage.ts'

let server: FakeCloudinary
let storage: Storage
let open: (url: string, now?: () => Date) => Storage
beforeAll(async () => {
  server = await startFakeCloudinary()
  vi.stubEnv('CLOUDINARY_URL', server.url())
  const { createCloudinaryStorage } = await import('./cloudinary.ts')
  open = (url, now = systemClock.now) => createCloudinaryStorage({ url, clock: { now } })
  storage = open(server.url())
  await storage.put('films/a.mp4', Buffer.from('0123456789'), { contentType: 'video/mp4' })
})
afterAll(() => server.close())

const mebibyte = 1024 * 1024

test.each([
  ['pictures/a.webp', 'image/webp', 'image/pictures/a~webp'],
  ['films/b.webm', 'video/webm', 'video/films/b~webm'],
  ['sounds/a.mp3', 'audio/mpeg', 'video/sounds/a~mp3'],
  ['documents/a.pdf', 'application/pdf', 'raw/documents/a.pdf'],
  ['documents/a', 'application/octet-stream', 'raw/documents/a'],
])('%s goes by its ending, and comes back as %s', async (key, contentType, name) => {
  await storage.put(key, Buffer.from(key), { contentType })
  expect(server.names()).toContain(name)
  const object = await storage.open(key)
  expect(object).toMatchObject({ contentType, totalBytes: key.length })
  expect(object && (await buffer(object.stream)).toString()).toBe(key)
  await storage.delete(key)
  expect(server.names()).not.toContain(name)
})

test('a large file goes up in parts that say where they belong', async () => {
  const source = Readable.from(Array.from({ length: 21 }, () => Buffer.alloc(mebibyte)))
  await storage.put('films/large.mp4', source, { contentType: 'video/mp4' })
  expect(server.ranges).toEqual([
    'bytes 0-6291455/-1',
    'bytes 6291456-12582911/-1',
    'bytes 12582912-18874367/-1',
    'bytes 18874368-22020095/22020096',
  ])
})

test('a content type with what Cloudinary writes pairs with comes back as it was', async () => {
  const contentType = 'text/plain; charset=utf-8'
  await storage.put('documents/typed', Buffer.from('x'), { contentType })
  expect(await storage.head('documents/typed')).toEqual({ totalBytes: 1, contentType })
})

describe('a link', () => {
  const link = async (from: Storage, options: { fileName?: string; inline?: boolean } = {}) =>
    (await from.link('films/a.mp4', { seconds: 60, ...options })) ?? ''

  test('lets anyone who has it read the object at the store', async () => {
    const answer = await fetch(await link(storage, { inline: true }))
    expect(answer.headers.get('content-disposition')).toMatch(/^inline/)
    expect(await answer.text()).toBe('0123456789')
  })

  test('names the file that a browser saves', async () => {
    const answer = await fetch(await link(storage, { fileName: 'a & b.mp4' }))
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="a & b.mp4"')
  })

  test('401 after its time, and where a letter of it was changed', async () => {
    const past = open(server.url(), () => new Date(Date.now() - 61_000))
    expect((await fetch(await link(past))).status).toBe(401)
    const changed = (await link(storage)).replace(/expires_at=\d+/, 'expires_at=9999999999')
    expect((await fetch(changed)).status).toBe(401)
  })

  test('404 for a key without an object', async () => {
    expect((await fetch((await storage.link('films/none.mp4', { seconds: 60 })) ?? '')).status).toBe(404)
  })
})

test('a wrong secret is an error of every call', async () => {
  const wrong = open(server.url('guessed'))
  await expect(wrong.put('x', Buffer.from('x'), { contentType: 'a/b' })).rejects.toThrow('Invalid Signature')
  await expect(wrong.open('films/a.mp4')).rejects.toThrow('Invalid Signature')
  await expect(wrong.head('films/a.mp4')).rejects.toThrow('Invalid Signature')
  await expect(wrong.delete('films/a.mp4')).rejects.toThrow('Invalid Signature')
  expect(await storage.head('films/a.mp4')).not.toBeNull()
})

test('what Cloudinary does not take is an error that says why', async () => {
  const put = storage.put('documents/none', Buffer.alloc(0), { contentType: 'a/b' })
  await expect(put).rejects.toThrow('Cloudinary: Empty file (400)')
})
