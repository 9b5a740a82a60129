import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { upload } from '../../../test/support/media.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { files } from './factory.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

async function someone(role: 'student' | 'instructor' = 'instructor') {
  const person = await makePerson(world.deps, { role })
  return { person, me: world.client.as(person.accessToken) }
}

/** The objects of the store, all that there are. */
const objects = () => {
  const folder = join(world.deps.config.dataFolder, 'media', 'media')
  return existsSync(folder) ? readdirSync(folder) : []
}
const rowsOf = async ({ id }: Person) =>
  (await world.database.pool.query('select * from media where user_id = $1', [id])).rows
const usageOf = async ({ id }: Person) =>
  (await world.database.pool.query('select bytes from media_usage where user_id = $1', [id])).rows[0]
    ?.bytes ?? 0

async function expectNothingOf(person: Person, before: readonly string[]) {
  await world.drain()
  expect(await rowsOf(person)).toEqual([])
  expect(await usageOf(person)).toBe(0)
  expect(objects().toSorted()).toEqual(before.toSorted())
}

describe('POST /media', () => {
  it.each([
    ['a PNG', files.png, 'image', 'image/png', { width: 40, height: 30 }],
    ['a JPEG', files.jpeg, 'image', 'image/jpeg', { width: 40, height: 30 }],
    ['a WebP', files.webp, 'image', 'image/webp', { width: 40, height: 30 }],
    ['a GIF', files.gif, 'image', 'image/gif', { width: 40, height: 30 }],
    ['a film', files.mp4, 'video', 'video/mp4', { width: 320, height: 180, durationSeconds: 2 }],
    ['a film of the web', files.webm, 'video', 'video/webm', { width: 320, height: 180, durationSeconds: 2 }],
    ['a recording', files.wav, 'audio', 'audio/wav', { durationSeconds: 1 }],
    ['a PDF', files.pdf, 'document', 'application/pdf', {}],
    ['an archive', files.zipOfOne, 'document', 'application/zip', {}],
    ['subtitles', files.vtt, 'document', 'text/vtt', {}],
    ['a text', files.text, 'document', 'text/plain; charset=utf-8', {}],
  ])(
    '201: %s, by its content, whatever its name and declared type',
    async (_what, make, kind, contentType, facts) => {
      const { person, me } = await someone()
      const bytes = await make()
      const { status, body } = await upload(me, bytes, {
        name: 'whatever.bin',
        type: 'application/octet-stream',
      })
      expect(body).toMatchObject({ kind, contentType, status: 'ready', fileName: 'whatever.bin', ...facts })
      expect(status).toBe(201)
      const fetched = await fetch(new URL(body.url.replace('http://lectern.test', world.url)))
      expect(fetched.headers.get('content-type')).toBe(contentType)
      const got = Buffer.from(await fetched.arrayBuffer())
      expect(got.length).toBe(body.bytes)
      if (kind !== 'image' || contentType === 'image/png') expect(got.equals(bytes)).toBe(true)
      expect(await usageOf(person)).toBe(body.bytes)
    },
  )
  it('201: an image loses where it was taken and who took it', async () => {
    const { me } = await someone()
    const bytes = await files.jpegWithPlace()
    expect(bytes.includes('Somebody')).toBe(true)
    const { body } = await upload(me, bytes, { name: 'holiday.jpg' })
    const fetched = await fetch(new URL(body.url.replace('http://lectern.test', world.url)))
    const got = Buffer.from(await fetched.arrayBuffer())
    expect((await sharp(got).metadata()).exif).toBeUndefined()
    expect(got.includes('Somebody')).toBe(false)
  })
  it('201: a PNG loses its texts too', async () => {
    const { me } = await someone()
    const bytes = await sharp(await files.png())
      .withExif({ IFD0: { Artist: 'Somebody' } })
      .png()
      .toBuffer()
    const { body } = await upload(me, bytes)
    const got = await (await fetch(new URL(body.url.replace('http://lectern.test', world.url)))).arrayBuffer()
    expect((await sharp(Buffer.from(got)).metadata()).exif).toBeUndefined()
  })
  it('201: a large image is there in smaller widths', async () => {
    const { me } = await someone()
    const { body } = await upload(me, await files.jpeg(1_000, 500))
    expect(body).toMatchObject({ width: 1_000, height: 500, widths: [320, 640] })
    for (const [asked, given] of [
      [200, 320],
      [320, 320],
      [500, 640],
      [900, 1_000],
    ]) {
      const address = `${body.url.replace('http://lectern.test', world.url)}&width=${asked}`
      const got = Buffer.from(await (await fetch(address)).arrayBuffer())
      expect((await sharp(got).metadata()).width).toBe(given)
    }
  })
  it('201: a film that is broken is failed, and says why', async () => {
    const { me } = await someone()
    const film = await files.mp4()
    film.fill(0, film.indexOf('trak'), film.indexOf('trak') + 200)
    const { status, body } = await upload(me, film, { name: 'film.mp4' })
    expect({ status, of: body.status }).toEqual({ status: 201, of: 'failed' })
    expect(body.failureReason).toMatch(/cannot be played/)
  })
  it.each([
    ['an SVG with a script', files.svg, 'drawing.svg'],
    ['an SVG named .png', files.svg, 'drawing.png'],
    ['a page', files.html, 'page.html'],
    ['a page named .txt', files.html, 'notes.txt'],
    ['an archive named .png', files.zipOfOne, 'picture.png'],
    ['an archive named .mp4', files.zipOfOne, 'film.mp4'],
    ['a text named .pdf', files.text, 'notes.pdf'],
    ['a text named .html', () => Buffer.from('x<script>alert(1)</script>'), 'notes.html'],
    ['an archive named .exe', files.zipOfOne, 'setup.exe'],
    ['a PDF with a page behind it', () => Buffer.concat([files.pdf(), files.html()]), 'sheet.pdf'],
    [
      'a program',
      () => Buffer.concat([Buffer.from('\x7fELF\x02\x01\x01', 'latin1'), Buffer.alloc(200)]),
      'a.bin',
    ],
    ['noise', () => Buffer.concat([Buffer.from([0, 1, 2, 3]), randomBytes(5_000)]), 'a.bin'],
  ])('415 unsupported_media_type: %s; nothing is left of it', async (_what, make, name) => {
    const before = objects()
    const { person, me } = await someone()
    expect(await upload(me, await make(), { name })).toMatchObject({
      status: 415,
      body: { code: 'unsupported_media_type' },
    })
    await expectNothingOf(person, before)
  })
  it.each(['png', 'jpeg', 'gif', 'webp'] as const)(
    '415 unsupported_media_type: a %s that is an archive, a PDF or a page, too',
    async (format) => {
      const before = objects()
      const { person, me } = await someone()
      const picture = await files[format]()
      const more = [files.zipOfOne(), files.pdf(), files.html()]
      for (const hidden of more) {
        const { status, body } = await upload(me, Buffer.concat([picture, hidden]), { name: `a.${format}` })
        expect({ status, code: body.code }).toEqual({ status: 415, code: 'unsupported_media_type' })
      }
      await expectNothingOf(person, before)
    },
  )
  it('415 unsupported_media_type: a film or PDF that is an archive, too', async () => {
    const before = objects()
    const { person, me } = await someone()
    for (const file of [await files.mp4(), files.pdf(), files.text()])
      expect((await upload(me, Buffer.concat([file, files.zipOfOne()]))).status).toBe(415)
    await expectNothingOf(person, before)
  })
  it.each(['png', 'jpeg', 'webp'] as const)('400 validation_failed: a %s that is cut off', async (format) => {
    const before = objects()
    const { person, me } = await someone()
    const noise = sharp(randomBytes(300 * 300 * 3), { raw: { width: 300, height: 300, channels: 3 } })
    const whole = await noise.toFormat(format).toBuffer()
    const answer = await upload(me, whole.subarray(0, whole.length / 2))
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: '/file' }] } })
    await expectNothingOf(person, before)
  })
  it('leaves nothing of an image whose widths the store took but in part', async () => {
    const before = objects()
    const { person, me } = await someone()
    const { storage } = world.deps
    const { put } = storage
    storage.put = async (key, ...rest) => {
      if (key.includes('-1280')) throw new Error('the store is away')
      return put.call(storage, key, ...rest)
    }
    const { status } = await upload(me, await files.jpeg(2_000, 1_000))
    storage.put = put
    expect(status).toBeGreaterThanOrEqual(500)
    await expectNothingOf(person, before)
  })
  it.each([
    ['film', files.mp4],
    ['film with its index in front', files.streamedMp4],
    ['film of the web', files.webm],
    ['recording', files.wav],
    ['recording in Ogg', files.ogg],
    ['archive', files.zipOfOne],
    ['PDF', files.pdf],
    ['RTF', () => Buffer.from('{\\rtf1\\ansi Hello and good bye, all of you.}\n')],
  ])('400 validation_failed: a %s that is cut off', async (_what, make) => {
    const before = objects()
    const { person, me } = await someone()
    const whole = await make()
    expect((await upload(me, whole)).status).toBe(201)
    const kept = await rowsOf(person)
    for (const { id } of kept) await me.delete(`/api/media/${id}`)
    for (const part of [1 / 4, 3 / 4]) {
      const answer = await upload(me, whole.subarray(0, Math.ceil(whole.length * part)))
      expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: '/file' }] } })
    }
    await expectNothingOf(person, before)
  })
  it('400: an upload that breaks off leaves neither row nor object', async () => {
    const before = objects()
    const { person } = await someone()
    const socket = connect(Number(new URL(world.url).port), '127.0.0.1')
    const head = [
      'POST /api/media HTTP/1.1',
      'host: lectern.test',
      `authorization: Bearer ${person.accessToken}`,
      'content-type: multipart/form-data; boundary=x',
      'content-length: 1000000',
      '',
      '--x',
      'content-disposition: form-data; name="file"; filename="a.txt"',
      '',
      '',
    ]
    socket.write(head.join('\r\n'))
    socket.write('some text '.repeat(20_000))
    await vi.waitFor(async () => expect(await rowsOf(person)).toHaveLength(1), 10_000)
    expect(await usageOf(person)).toBeGreaterThan(900_000)
    socket.destroy()
    await vi.waitFor(async () => expect(await rowsOf(person)).toEqual([]), { timeout: 5_000 })
    await expectNothingOf(person, before)
    expect(readdirSync(join(world.deps.config.dataFolder, 'media', '.incoming'))).toEqual([])
  })
  it('413 payload_too_large: over the limit of its kind, whatever the person may still have', async () => {
    const before = objects()
    const { person, me } = await someone()
    const png = await files.png()
    const { status, body } = await upload(me, Buffer.concat([png, Buffer.alloc(25 * 1024 ** 2)]))
    expect({ status, code: body.code }).toEqual({ status: 413, code: 'payload_too_large' })
    await expectNothingOf(person, before)
  })
  it('400 validation_failed: no file, another field, two files, an empty one; 415: no form at all', async () => {
    const before = objects()
    const { person, me } = await someone()
    expect(await upload(me, files.text(), { field: 'document' })).toMatchObject({
      status: 400,
      body: { errors: [{ path: '/document' }] },
    })
    expect(await upload(me, Buffer.alloc(0))).toMatchObject({
      status: 400,
      body: { errors: [{ path: '/file' }] },
    })
    expect((await me.post('/api/media', new FormData())).status).toBe(400)
    const two = new FormData()
    for (const name of ['a.txt', 'b.txt']) two.append('file', new Blob(['text']), name)
    expect((await me.post('/api/media', two)).status).toBe(400)
    const field = new FormData()
    field.append('file', new Blob(['text']), 'a.txt')
    field.append('title', 'x')
    expect(await me.post('/api/media', field)).toMatchObject({
      status: 400,
      body: { errors: [{ path: '/title' }] },
    })
    expect((await me.post('/api/media', { file: 'x' })).status).toBe(415)
    expect((await me.post('/api/media')).status).toBe(415)
    for (const form of [
      '',
      '--x',
      '--x\r\n\r\n',
      'noise',
      '--x\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\nx',
    ])
      expect(
        (
          await me.post('/api/media', form, {
            headers: { 'content-type': 'multipart/form-data; boundary=x' },
          })
        ).status,
        form,
      ).toBe(400)
    await expectNothingOf(person, before)
  })
  it('401 unauthenticated', async () => {
    expect((await upload(world.client, files.text())).status).toBe(401)
  })
})
