import { randomBytes } from 'node:crypto'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import { makePerson, type Person } from './factory.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const red = { r: 200, g: 30, b: 30 }
const plain = (width = 800, height = 600) =>
  sharp({ create: { width, height, channels: 3, background: red } })

function upload(person: Person, bytes: Uint8Array, name = 'picture.png', field = 'file') {
  const form = new FormData()
  form.set(field, new Blob([new Uint8Array(bytes)]), name)
  return world.client.as(person.accessToken).put('/api/users/me/avatar', form)
}

async function fetchPicture(avatarUrl: string) {
  const response = await fetch(new URL(new URL(avatarUrl).pathname, world.url))
  return {
    status: response.status,
    headers: response.headers,
    bytes: Buffer.from(await response.arrayBuffer()),
  }
}

describe('PUT /users/me/avatar', () => {
  it.each(['png', 'jpeg', 'webp'] as const)(
    '200: keeps a %s as a square WebP without metadata',
    async (format) => {
      const person = await makePerson(world.deps)
      const bytes = await plain()
        .withExif({ IFD0: { Copyright: 'somebody', Artist: 'taken at home' } })
        .toFormat(format)
        .toBuffer()
      const { status, body } = await upload(person, bytes, 'whatever.txt')
      expect(status).toBe(200)
      expect(body).toMatchObject({ id: person.id })
      expect(body.avatarUrl).toMatch(
        new RegExp(`^http://lectern.test/api/users/${person.id}/avatar/[0-9a-f-]{36}\\.webp$`),
      )
      const picture = await fetchPicture(body.avatarUrl)
      expect(picture.status).toBe(200)
      const read = await sharp(picture.bytes).metadata()
      expect(read).toMatchObject({ format: 'webp', width: 512, height: 512 })
      expect(read.exif).toBeUndefined()
      const me = await world.client.as(person.accessToken).get('/api/users/me')
      expect(me.body.avatarUrl).toBe(body.avatarUrl)
    },
  )
  it('200: turns a picture upright as its EXIF says', async () => {
    const person = await makePerson(world.deps)
    const half = {
      create: { width: 100, height: 200, channels: 3 as const, background: { r: 0, g: 0, b: 255 } },
    }
    const lying = await plain(200, 200)
      .composite([{ input: half, left: 0, top: 0 }])
      .jpeg()
      .withMetadata({ orientation: 6 })
      .toBuffer()
    const { body } = await upload(person, lying)
    const { bytes } = await fetchPicture(body.avatarUrl)
    const corner = (left: number, top: number) =>
      sharp(bytes).extract({ left, top, width: 1, height: 1 }).raw().toBuffer()
    // Blue was on the left; a quarter turn clockwise puts it at the top.
    const [topRight, bottomLeft] = [await corner(500, 10), await corner(10, 500)]
    expect(topRight[2]).toBeGreaterThan(200)
    expect(bottomLeft[0]).toBeGreaterThan(150)
  })
  it('200: of uploads at once one is kept, and the others are deleted', async () => {
    const person = await makePerson(world.deps)
    const bytes = await plain().png().toBuffer()
    const answers = await Promise.all([1, 2, 3, 4].map(() => upload(person, bytes)))
    await world.drain()
    const { body } = await world.client.as(person.accessToken).get('/api/users/me')
    for (const answer of answers) {
      const { status } = await fetchPicture(answer.body.avatarUrl)
      expect(status).toBe(answer.body.avatarUrl === body.avatarUrl ? 200 : 404)
    }
  })
  it('200: a picture that was stored but never given to anybody goes; the one that is used stays', async () => {
    const person = await makePerson(world.deps)
    const { body } = await upload(person, await plain().png().toBuffer())
    const { storage } = world.deps
    const { put } = storage
    const kept: string[] = []
    storage.put = async (key, ...rest) => {
      kept.push(key)
      await put(key, ...rest)
      throw new Error('the process dies here')
    }
    const lost = await upload(person, await plain().png().toBuffer())
    storage.put = put
    expect(lost.status).toBe(500)
    expect(kept).toHaveLength(1)
    expect(await storage.open(kept[0] ?? '').then((object) => object?.stream.destroy())).toBeDefined()
    world.clock.advance({ minutes: 11 })
    await world.drain()
    expect(await storage.open(kept[0] ?? '')).toBeNull()
    expect((await fetchPicture(body.avatarUrl)).status).toBe(200)
  })
  it.each([
    ['an SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')],
    [
      'an SVG with an XML head',
      Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'),
    ],
    ['a page', Buffer.from('<!doctype html><script>alert(1)</script>')],
    ['an archive', Buffer.from('504b0304140000000800', 'hex')],
    ['a GIF that is a script, too', Buffer.from('GIF89a/*aaaaaaaaaaaaaa*/=1;alert(1)')],
    ['a PDF', Buffer.from('%PDF-1.7\n%aaaa\n1 0 obj')],
    ['nothing', Buffer.alloc(0)],
    ['noise', randomBytes(4_000)],
  ])('415 unsupported_media_type: %s, named .png', async (_case, bytes) => {
    const person = await makePerson(world.deps)
    expect(await upload(person, bytes)).toMatchObject({
      status: 415,
      body: { code: 'unsupported_media_type' },
    })
    expect((await world.client.as(person.accessToken).get('/api/users/me')).body.avatarUrl).toBeUndefined()
  })
  it('415 unsupported_media_type: a picture that is an archive or a page, too', async () => {
    const person = await makePerson(world.deps)
    const zipEnd = Buffer.concat([Buffer.from('504b0506', 'hex'), Buffer.alloc(18)])
    const page = Buffer.from('<script>alert(1)</script>')
    for (const format of ['png', 'jpeg', 'webp'] as const) {
      const picture = await plain().toFormat(format).toBuffer()
      expect((await upload(person, Buffer.concat([picture, zipEnd]))).status, format).toBe(415)
      if (format !== 'jpeg')
        expect((await upload(person, Buffer.concat([picture, page]))).status, format).toBe(415)
    }
  })
  it.each(['png', 'jpeg', 'webp'] as const)('400 validation_failed: a %s that is cut off', async (format) => {
    const person = await makePerson(world.deps)
    const { width, height } = { width: 300, height: 300 }
    const whole = await sharp(randomBytes(width * height * 3), { raw: { width, height, channels: 3 } })
      .toFormat(format)
      .toBuffer()
    const cut = whole.subarray(0, Math.floor(whole.length / 2))
    expect(await upload(person, cut)).toMatchObject({ status: 400, body: { errors: [{ path: '/file' }] } })
  })
  it('400 validation_failed: more pixels than memory should hold, in few bytes', async () => {
    const person = await makePerson(world.deps)
    const bomb = await plain(12_000, 12_000).png({ compressionLevel: 9 }).toBuffer()
    expect(bomb.length).toBeLessThan(5 * 1024 * 1024)
    expect(await upload(person, bomb)).toMatchObject({ status: 400, body: { errors: [{ path: '/file' }] } })
  })
  it('413 payload_too_large: over 5 MB, and far over', async () => {
    const person = await makePerson(world.deps)
    for (const bytes of [5 * 1024 * 1024 + 1, 30 * 1024 * 1024]) {
      const { status, body } = await upload(person, Buffer.alloc(bytes, 1))
      expect({ status, code: body.code }).toEqual({ status: 413, code: 'payload_too_large' })
    }
  })
  it('400 validation_failed: no file, another field, two files; 415: no form at all', async () => {
    const person = await makePerson(world.deps)
    const me = world.client.as(person.accessToken)
    const picture = await plain().png().toBuffer()
    expect(await upload(person, picture, 'a.png', 'picture')).toMatchObject({
      status: 400,
      body: { errors: [{ path: '/picture' }] },
    })
    const empty = new FormData()
    empty.set('note', 'no file')
    expect(await me.put('/api/users/me/avatar', empty)).toMatchObject({
      status: 400,
      body: { errors: [{ path: '/note' }] },
    })
    expect((await me.put('/api/users/me/avatar', new FormData())).status).toBe(400)
    const two = new FormData()
    two.append('file', new Blob([new Uint8Array(picture)]), 'a.png')
    two.append('file', new Blob([new Uint8Array(picture)]), 'b.png')
    expect((await me.put('/api/users/me/avatar', two)).status).toBeGreaterThanOrEqual(400)
    expect((await me.put('/api/users/me/avatar', two)).status).toBeLessThan(500)
    expect((await me.put('/api/users/me/avatar', { file: 'x' })).status).toBe(415)
    expect((await me.put('/api/users/me/avatar')).status).toBe(415)
    expect((await me.get('/api/users/me')).body.avatarUrl).toBeUndefined()
  })
  it('400: a form that is malformed', async () => {
    const person = await makePerson(world.deps)
    const me = world.client.as(person.accessToken)
    const send = (body: string, type = 'multipart/form-data; boundary=x') =>
      me.put('/api/users/me/avatar', body, { headers: { 'content-type': type } })
    for (const body of [
      '',
      '--x',
      '--x\r\n\r\n',
      '--x\r\ncontent-disposition: form-data; name="file"',
      'noise',
    ]) {
      const { status } = await send(body)
      expect(status, JSON.stringify(body)).toBeGreaterThanOrEqual(400)
      expect(status, JSON.stringify(body)).toBeLessThan(500)
    }
    expect((await send('--x--', 'multipart/form-data')).status).toBeLessThan(500)
  })
  it('401 unauthenticated', async () => {
    const form = new FormData()
    form.set('file', new Blob([new Uint8Array(await plain().png().toBuffer())]), 'a.png')
    expect((await world.client.put('/api/users/me/avatar', form)).status).toBe(401)
  })
})

describe('GET /users/:id/avatar/:name', () => {
  it('200: to anybody, for ever, and as nothing but a picture', async () => {
    const person = await makePerson(world.deps)
    const { body } = await upload(person, await plain().png().toBuffer())
    const { headers, bytes } = await fetchPicture(body.avatarUrl)
    expect(headers.get('content-type')).toBe('image/webp')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(Number(headers.get('content-length'))).toBe(bytes.length)
    const head = await fetch(new URL(new URL(body.avatarUrl).pathname, world.url), { method: 'HEAD' })
    expect(head.status).toBe(200)
  })
  it('404 not_found: no such picture; 400: no name of one', async () => {
    const person = await makePerson(world.deps)
    const ask = async (name: string) =>
      (await world.client.get(`/api/users/${person.id}/avatar/${name}`)).status
    expect(await ask(`${person.id}.webp`)).toBe(404)
    expect(await ask('..%2F..%2Fsecrets.json')).toBe(400)
    expect(await ask('x.webp')).toBe(400)
    expect(await ask(`${'-'.repeat(36)}.webp`)).toBe(400)
  })
})

describe('DELETE /users/me/avatar', () => {
  it('204: the picture is gone, and once more nothing happens', async () => {
    const person = await makePerson(world.deps)
    const { body } = await upload(person, await plain().png().toBuffer())
    const me = world.client.as(person.accessToken)
    expect((await me.delete('/api/users/me/avatar')).status).toBe(204)
    expect((await me.delete('/api/users/me/avatar')).status).toBe(204)
    expect((await me.get('/api/users/me')).body.avatarUrl).toBeUndefined()
    await world.drain()
    expect((await fetchPicture(body.avatarUrl)).status).toBe(404)
  })
  it('204: goes with the account', async () => {
    const person = await makePerson(world.deps)
    const { body } = await upload(person, await plain().png().toBuffer())
    await world.client.as(person.accessToken).delete('/api/users/me', { password: person.password })
    await world.drain()
    expect((await fetchPicture(body.avatarUrl)).status).toBe(404)
  })
  it('401 unauthenticated', async () => {
    expect((await world.client.delete('/api/users/me/avatar')).status).toBe(401)
  })
})

it('the API reference shows the form', () => {
  const { paths } = world.app.swagger() as unknown as {
    paths: Record<string, { put?: { requestBody: { content: Record<string, { schema: unknown }> } } }>
  }
  const content = paths['/api/users/me/avatar']?.put?.requestBody.content
  expect(Object.keys(content ?? {})).toEqual(['multipart/form-data'])
  expect(content?.['multipart/form-data']?.schema).toMatchObject({
    properties: { file: { type: 'string', format: 'binary' } },
    required: ['file'],
  })
})
