import { randomBytes } from 'node:crypto'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Client } from '../../../test/support/http.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { newId } from '../../platform/ids.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { makeCourse } from './factory.ts'

let world: World
let owner: Person
let instructor: Client
let other: Client
let student: Client
let pictureBytes: Buffer
beforeAll(async () => {
  world = await createWorld()
  owner = await makePerson(world.deps, { role: 'instructor' })
  instructor = world.client.as(owner.accessToken)
  other = world.client.as((await makePerson(world.deps, { role: 'instructor' })).accessToken)
  student = world.client.as((await makePerson(world.deps)).accessToken)
  pictureBytes = await picture(1600, 900)
})
afterAll(() => world.close())

const picture = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: 'teal' } })
    .withExif({ IFD0: { Copyright: 'somebody' } })
    .jpeg()
    .toBuffer()

function upload(id: string, bytes: Uint8Array, { client = instructor, field = 'file' } = {}) {
  const form = new FormData()
  form.set(field, new Blob([new Uint8Array(bytes)]), 'whatever.txt')
  return client.put(`/api/courses/${id}/thumbnail`, form)
}

async function fetchPicture(address: string) {
  const response = await fetch(new URL(new URL(address).pathname, world.url))
  return {
    status: response.status,
    headers: response.headers,
    bytes: Buffer.from(await response.arrayBuffer()),
  }
}

describe('PUT /courses/:id/thumbnail', () => {
  it('200: three widths of WebP without metadata, cached for ever, wherever the course is shown', async () => {
    const { id } = await makeCourse(world.deps, { owner, title: 'Pictured' })
    const { status, body } = await upload(id, pictureBytes)
    expect(status).toBe(200)
    const { url, widths } = body.thumbnail
    expect(widths.map(({ width }: { width: number }) => width)).toEqual([320, 640, 1280])
    expect(url).toBe(widths[2].url)
    expect(url).toMatch(/^http:\/\/lectern\.test\/api\/thumbnails\/[0-9a-f]{32}-1280\.webp$/)
    for (const { width, url: address } of widths) {
      const got = await fetchPicture(address)
      expect(got.status).toBe(200)
      expect(got.headers.get('content-type')).toBe('image/webp')
      expect(got.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
      const read = await sharp(got.bytes).metadata()
      expect(read).toMatchObject({ format: 'webp', width, height: (width * 900) / 1600 })
      expect(read.exif).toBeUndefined()
    }
    const page = await world.client.get(`/api/courses/${id}`)
    const listed = await world.client.get('/api/courses?q=pictured')
    const mine = await instructor.get('/api/courses/mine')
    for (const shown of [page.body, listed.body.items[0], mine.body.items[0]])
      expect(shown.thumbnail).toEqual(body.thumbnail)
  })
  it('304: whoever has a picture is not sent it again; 404 once it is gone', async () => {
    const { id } = await makeCourse(world.deps, { owner })
    const { body } = await upload(id, pictureBytes)
    const path = new URL(body.thumbnail.url).pathname
    const tag = (await world.client.get(path)).headers.get('etag') ?? ''
    expect(tag).toBe(`"${path.slice('/api/thumbnails/'.length, -'.webp'.length)}"`)
    for (const [known, status] of [
      [tag, 304],
      [`W/${tag}, "b"`, 304],
      ['*', 304],
      ['"another"', 200],
    ] as const) {
      const got = await fetch(new URL(path, world.url), { headers: { 'if-none-match': known } })
      expect(got).toMatchObject({ status })
      expect(got.headers.get('etag')).toBe(tag)
      expect(got.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
      expect((await got.arrayBuffer()).byteLength > 0).toBe(status === 200)
    }
    await instructor.delete(`/api/courses/${id}/thumbnail`)
    await world.drain()
    const gone = await fetch(new URL(path, world.url), { headers: { 'if-none-match': tag } })
    expect(gone.status).toBe(404)
    expect(gone.headers.get('etag')).toBeNull()
  })
  it('200: a small picture is not enlarged', async () => {
    const { id } = await makeCourse(world.deps, { owner })
    const { body } = await upload(id, await picture(400, 300))
    const sizes = await Promise.all(
      body.thumbnail.widths.map(
        async ({ url }: { url: string }) => (await sharp((await fetchPicture(url)).bytes).metadata()).width,
      ),
    )
    expect(sizes).toEqual([320, 400, 400])
  })
  it('200: another picture has another name, and the one before is deleted', async () => {
    const { id } = await makeCourse(world.deps, { owner, published: false })
    const first = (await upload(id, pictureBytes)).body.thumbnail
    const second = (await upload(id, pictureBytes)).body.thumbnail
    expect(second.url).not.toBe(first.url)
    await world.drain()
    for (const { url } of first.widths) expect((await fetchPicture(url)).status).toBe(404)
    for (const { url } of second.widths) expect((await fetchPicture(url)).status).toBe(200)
    world.clock.advance({ minutes: 11 })
    await world.drain()
    expect((await fetchPicture(second.url)).status).toBe(200)
  })
  it('415, 400, 413: by content, and nothing is kept of it', async () => {
    const { id } = await makeCourse(world.deps, { owner })
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
    const zip = Buffer.from('504b0304140000000000', 'hex')
    expect((await upload(id, svg)).status).toBe(415)
    expect((await upload(id, zip)).status).toBe(415)
    expect((await upload(id, pictureBytes.subarray(0, 2_000))).body.errors[0].path).toBe('/file')
    expect((await upload(id, randomBytes(11 * 1024 * 1024))).status).toBe(413)
    expect((await upload(id, pictureBytes, { field: 'picture' })).body.errors[0].path).toBe('/picture')
    expect((await instructor.put(`/api/courses/${id}/thumbnail`, { file: 'x' })).status).toBe(415)
    expect((await instructor.get(`/api/courses/${id}`)).body).not.toHaveProperty('thumbnail')
  })
  it('401, 403, 404', async () => {
    const published = await makeCourse(world.deps, { owner })
    const draft = await makeCourse(world.deps, { owner, published: false })
    for (const send of [
      (client: Client, id: string) => upload(id, pictureBytes, { client }),
      (client: Client, id: string) => client.delete(`/api/courses/${id}/thumbnail`),
    ]) {
      expect((await send(world.client, published.id)).status).toBe(401)
      for (const client of [student, other]) expect((await send(client, published.id)).status).toBe(403)
      expect((await send(other, draft.id)).status).toBe(404)
      expect((await send(instructor, newId())).status).toBe(404)
    }
    expect((await world.client.get(`/api/thumbnails/${'0'.repeat(32)}-320.webp`)).status).toBe(404)
    expect((await world.client.get(`/api/thumbnails/${'0'.repeat(32)}-321.webp`)).status).toBe(400)
  })
})

describe('DELETE /courses/:id/thumbnail', () => {
  it('204: once and again; the pictures go, unless a copy of the course has them', async () => {
    const { id } = await makeCourse(world.deps, { owner })
    const { url } = (await upload(id, pictureBytes)).body.thumbnail
    const copy = (await instructor.post(`/api/courses/${id}/duplicate`)).body
    expect(copy.thumbnail.url).toBe(url)
    expect((await instructor.delete(`/api/courses/${id}/thumbnail`)).status).toBe(204)
    expect((await instructor.delete(`/api/courses/${id}/thumbnail`)).status).toBe(204)
    await world.drain()
    expect((await instructor.get(`/api/courses/${id}`)).body).not.toHaveProperty('thumbnail')
    expect((await fetchPicture(url)).status).toBe(200)
    await instructor.delete(`/api/courses/${copy.id}`)
    await world.drain()
    expect((await fetchPicture(url)).status).toBe(404)
  })
})
