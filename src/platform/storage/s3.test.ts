import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type S3Server, startS3Server } from '../../../test/support/s3-server.ts'
import { systemClock } from '../clock.ts'
import { createS3Storage } from './s3.ts'
import type { Storage } from './storage.ts'

let server: S3Server
let storage: Storage
beforeAll(async () => {
  server = await startS3Server()
  storage = createS3Storage({ ...server, clock: systemClock })
  await storage.put('films/a.mp4', Buffer.from('0123456789'), { contentType: 'video/mp4' })
})
afterAll(() => server.close())

const mebibyte = 1024 * 1024
const text = { contentType: 'text/plain' }

describe('a link', () => {
  test('lets anyone who has it read the object at the store, whole and by ranges, without a word of ours', async () => {
    const link = (await storage.link('films/a.mp4', { seconds: 60, inline: true })) ?? ''
    expect(link).toContain(server.endpoint)
    const whole = await fetch(link)
    expect(whole.headers.get('content-type')).toBe('video/mp4')
    expect(whole.headers.get('content-disposition')).toBe('inline')
    expect(await whole.text()).toBe('0123456789')
    const part = await fetch(link, { headers: { range: 'bytes=2-4' } })
    expect({ status: part.status, text: await part.text() }).toEqual({ status: 206, text: '234' })
  })

  test('names the file that a browser saves', async () => {
    const link = (await storage.link('films/a.mp4', { seconds: 60, fileName: 'Überblick.mp4' })) ?? ''
    const answer = await fetch(link)
    expect(answer.headers.get('content-disposition')).toBe(
      `attachment; filename="_berblick.mp4"; filename*=UTF-8''%C3%9Cberblick.mp4`,
    )
  })

  test('403 after its time, and where a letter of it was changed', async () => {
    const clock = { now: () => new Date(Date.now() - 61_000) }
    const past = createS3Storage({ ...server, clock })
    expect((await fetch((await past.link('films/a.mp4', { seconds: 60 })) ?? '')).status).toBe(403)
    expect((await fetch((await past.link('films/a.mp4', { seconds: 120 })) ?? '')).status).toBe(200)
    const link = (await storage.link('films/a.mp4', { seconds: 60 })) ?? ''
    expect((await fetch(link.replace('a.mp4', 'b.mp4'))).status).toBe(403)
    expect((await fetch(link.replace('X-Amz-Expires=60', 'X-Amz-Expires=600'))).status).toBe(403)
    expect((await fetch(`${server.endpoint}/${server.bucket}/films/a.mp4`)).status).toBe(403)
  })

  test('404 for a key without an object', async () => {
    expect((await fetch((await storage.link('films/none.mp4', { seconds: 60 })) ?? '')).status).toBe(404)
  })
})

test('an upload in parts that fails leaves no parts behind', async () => {
  async function* breaking() {
    for (let i = 0; i < 12; i++) yield Buffer.alloc(mebibyte)
    throw new Error('the client went away')
  }
  await expect(storage.put('broken', Readable.from(breaking()), text)).rejects.toThrow('the client went away')
  expect(server.unfinished()).toEqual([])
  expect(await storage.head('broken')).toBeNull()
})

test('a wrong secret is an error of every call, and the source is let go', async () => {
  const wrong = createS3Storage({ ...server, secretAccessKey: 'guessed', clock: systemClock })
  const source = Readable.from([Buffer.alloc(20 * mebibyte)])
  await expect(wrong.put('x', source, text)).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' })
  expect(source.destroyed).toBe(true)
  await expect(wrong.open('films/a.mp4')).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' })
  await expect(wrong.head('films/a.mp4')).rejects.toThrow()
  await expect(wrong.delete('films/a.mp4')).rejects.toThrow()
  expect((await fetch((await wrong.link('films/a.mp4', { seconds: 60 })) ?? '')).status).toBe(403)
  expect(await storage.head('films/a.mp4')).not.toBeNull()
})

test('a bucket that is not there is an error, not an object that is missing', async () => {
  const elsewhere = createS3Storage({ ...server, bucket: 'another', clock: systemClock })
  await expect(elsewhere.open('films/a.mp4')).rejects.toMatchObject({ name: 'NoSuchBucket' })
  await expect(elsewhere.put('x', Buffer.from('x'), text)).rejects.toMatchObject({ name: 'NoSuchBucket' })
})
