import { createHash, randomBytes } from 'node:crypto'
import { existsSync, renameSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { files } from './factory.ts'

let world: World
beforeAll(async () => {
  const gigabyte = 1024 ** 3
  world = await createWorld({
    config: {
      corsOrigins: ['https://school.example'],
      mediaQuotas: { student: 1024 ** 2, parent: 0, instructor: gigabyte, admin: gigabyte },
    },
  })
})
afterAll(() => world.close())

const tus = { 'tus-resumable': '1.0.0' }
const someone = (role: 'student' | 'instructor' | 'admin' = 'instructor') => makePerson(world.deps, { role })

async function send(
  method: string,
  path: string,
  person: Person | null,
  headers: object = {},
  body?: Uint8Array,
) {
  const bearer = person ? { authorization: `Bearer ${person.accessToken}` } : {}
  const answer = await fetch(new URL(path, world.url), {
    method,
    headers: { ...tus, ...bearer, ...headers },
    ...(body ? { body: new Uint8Array(body) } : {}),
  })
  const text = await answer.text()
  return { status: answer.status, headers: answer.headers, body: text ? JSON.parse(text) : null }
}
const named = (name: string, type = 'application/octet-stream') =>
  `filename ${Buffer.from(name).toString('base64')},filetype ${Buffer.from(type).toString('base64')}`

async function begin(person: Person, length: number, name = 'a.txt') {
  const answer = await send('POST', '/api/media/uploads', person, {
    'upload-length': length,
    'upload-metadata': named(name),
  })
  expect(answer.status).toBe(201)
  const path = answer.headers.get('location') ?? ''
  return { path, id: path.split('/').at(-1) ?? '' }
}
const patch = (path: string, person: Person, offset: number, bytes: Uint8Array, headers: object = {}) =>
  send(
    'PATCH',
    path,
    person,
    { 'content-type': 'application/offset+octet-stream', 'upload-offset': offset, ...headers },
    bytes,
  )
const detailsOf = (id: string, person: Person) => send('GET', `/api/media/${id}/details`, person)
const partOf = (id: string) => join(world.deps.config.dataFolder, 'uploads', id)
const usageOf = async ({ id }: Person) =>
  (await world.database.pool.query('select bytes from media_usage where user_id = $1', [id])).rows[0]
    ?.bytes ?? 0

const text = Buffer.from('text of a lesson '.repeat(1_000))

describe('a resumable upload', () => {
  it('409 upload_elsewhere: asked of a node that does not have its parts', async () => {
    const person = await makePerson(world.deps)
    const { path, id } = await begin(person, text.length)
    expect((await patch(path, person, 0, text.subarray(0, 1_000))).status).toBe(204)
    const here = partOf(id)
    renameSync(here, `${here}.elsewhere`)
    expect((await send('HEAD', path, person)).status).toBe(409)
    for (const offset of [0, 1_000])
      expect(await patch(path, person, offset, text.subarray(offset))).toMatchObject({
        status: 409,
        body: { code: 'upload_elsewhere' },
      })
    renameSync(`${here}.elsewhere`, here)
    expect((await send('HEAD', path, person)).headers.get('upload-offset')).toBe('1000')
    expect((await patch(path, person, 1_000, text.subarray(1_000))).status).toBe(204)
  })
  it('201, 204, 204: in parts it becomes the Media whose id its address ends with', async () => {
    const person = await someone()
    const film = await files.mp4(30)
    const half = Math.floor(film.length / 2)
    const { path, id } = await begin(person, film.length, 'film.mp4')
    expect((await detailsOf(id, person)).body).toMatchObject({ id, status: 'uploading', bytes: film.length })
    const first = await patch(path, person, 0, film.subarray(0, half))
    expect({ status: first.status, at: first.headers.get('upload-offset') }).toEqual({
      status: 204,
      at: `${half}`,
    })
    const asked = await send('HEAD', path, person)
    expect(asked.status).toBe(200)
    expect(asked.headers.get('upload-offset')).toBe(`${half}`)
    expect(asked.headers.get('upload-length')).toBe(`${film.length}`)
    expect(asked.headers.get('upload-metadata')).toBe(named('film.mp4'))
    expect(asked.headers.get('cache-control')).toBe('no-store')
    expect(Date.parse(asked.headers.get('upload-expires') ?? '')).toBeGreaterThan(world.clock.now().getTime())
    const last = await patch(path, person, half, film.subarray(half))
    expect({ status: last.status, at: last.headers.get('upload-offset') }).toEqual({
      status: 204,
      at: `${film.length}`,
    })
    const { body } = await detailsOf(id, person)
    expect(body).toMatchObject({ kind: 'video', status: 'ready', durationSeconds: 30, fileName: 'film.mp4' })
    const got = await (await fetch(body.url.replace('http://lectern.test', world.url))).arrayBuffer()
    expect(Buffer.from(got).equals(film)).toBe(true)
    expect(existsSync(partOf(id))).toBe(false)
    expect((await send('HEAD', path, person)).headers.get('upload-offset')).toBe(`${film.length}`)
    expect(await usageOf(person)).toBe(film.length)
  })
  it('goes on where a client that went away left off', async () => {
    const person = await someone()
    const { path } = await begin(person, text.length)
    const socket = connect(Number(new URL(world.url).port), '127.0.0.1')
    const head = [
      `PATCH ${path} HTTP/1.1`,
      'host: lectern.test',
      `authorization: Bearer ${person.accessToken}`,
      'tus-resumable: 1.0.0',
      'content-type: application/offset+octet-stream',
      'upload-offset: 0',
      `content-length: ${text.length}`,
      '',
      '',
    ]
    socket.write(head.join('\r\n'))
    socket.write(text.subarray(0, 5_000))
    const offset = async () => Number((await send('HEAD', path, person)).headers.get('upload-offset'))
    await vi.waitFor(async () => expect(await offset()).toBe(5_000), 10_000)
    // It comes back while its lost connection still hangs.
    expect((await patch(path, person, 5_000, text.subarray(5_000))).status).toBe(204)
    socket.destroy()
    expect(await offset()).toBe(text.length)
  })
  it('is finished by HEAD where all of it came and the server was killed before it looked', async () => {
    const person = await someone()
    const { path, id } = await begin(person, text.length)
    const { storage } = world.deps
    const { put } = storage
    storage.put = async () => {
      throw new Error('the store is away')
    }
    expect((await patch(path, person, 0, text)).status).toBe(500)
    storage.put = put
    expect((await detailsOf(id, person)).body.status).toBe('uploading')
    expect((await send('HEAD', path, person)).headers.get('upload-offset')).toBe(`${text.length}`)
    expect((await detailsOf(id, person)).body.status).toBe('ready')
  })
  it.each([
    ['an archive named .png', files.zipOfOne, 'a.png'],
    ['a page', files.html, 'a.html'],
    ['an SVG', files.svg, 'a.svg'],
    [
      'a picture that is an archive',
      async () => Buffer.concat([await files.png(), files.zipOfOne()]),
      'a.png',
    ],
  ])(
    '415 unsupported_media_type with the last part: %s; nothing is left of it',
    async (_what, make, name) => {
      const person = await someone()
      const bytes = await make()
      const { path, id } = await begin(person, bytes.length, name)
      expect(await patch(path, person, 0, bytes)).toMatchObject({
        status: 415,
        body: { code: 'unsupported_media_type' },
      })
      await world.drain()
      expect((await detailsOf(id, person)).status).toBe(404)
      expect((await send('HEAD', path, person)).status).toBe(404)
      expect(existsSync(partOf(id))).toBe(false)
      expect(await usageOf(person)).toBe(0)
    },
  )
  it('413 quota_exceeded before a byte: what was begun counts', async () => {
    const person = await someone('student')
    await begin(person, 600_000)
    expect(await send('POST', '/api/media/uploads', person, { 'upload-length': 600_000 })).toMatchObject({
      status: 413,
      body: { code: 'quota_exceeded', leftBytes: 1024 ** 2 - 600_000 },
    })
  })
  it('413 payload_too_large: more than any file may have, and more than was told', async () => {
    const person = await someone()
    const most = 100 * 1024 ** 3
    expect(await send('POST', '/api/media/uploads', person, { 'upload-length': most })).toMatchObject({
      status: 413,
      body: { code: 'payload_too_large' },
    })
    const { path } = await begin(person, 10)
    expect((await patch(path, person, 0, Buffer.alloc(11, 'a'))).status).toBe(413)
    const untold = await fetch(new URL(path, world.url), {
      method: 'PATCH',
      duplex: 'half',
      body: ReadableStream.from([Buffer.alloc(8, 'a'), Buffer.alloc(8, 'a')]),
      headers: {
        ...tus,
        authorization: `Bearer ${person.accessToken}`,
        'content-type': 'application/offset+octet-stream',
        'upload-offset': '0',
      },
    })
    expect(untold.status).toBe(413)
    expect((await send('HEAD', path, person)).headers.get('upload-offset')).toBe('0')
  })
  it('409 upload_offset_conflict: a part for elsewhere', async () => {
    const person = await someone()
    const { path } = await begin(person, text.length)
    await patch(path, person, 0, text.subarray(0, 10))
    for (const offset of [0, 9, 11])
      expect(await patch(path, person, offset, text.subarray(10, 20))).toMatchObject({
        status: 409,
        body: { code: 'upload_offset_conflict' },
      })
    expect((await send('HEAD', path, person)).headers.get('upload-offset')).toBe('10')
  })
  it('460 checksum_mismatch: nothing of the part is kept; 204 where it is right', async () => {
    const person = await someone()
    const { path } = await begin(person, text.length)
    const sum = (bytes: Buffer) => ({
      'upload-checksum': `sha256 ${createHash('sha256').update(bytes).digest('base64')}`,
    })
    expect(await patch(path, person, 0, text.subarray(0, 100), sum(text))).toMatchObject({
      status: 460,
      body: { code: 'checksum_mismatch' },
    })
    expect((await send('HEAD', path, person)).headers.get('upload-offset')).toBe('0')
    expect((await patch(path, person, 0, text, sum(text))).status).toBe(204)
    expect((await patch(path, person, 0, text, { 'upload-checksum': 'crc32 AAAA' })).status).toBe(409)
  })
  it('412 tus_version_unsupported: without the version, or another', async () => {
    const person = await someone()
    for (const version of ['0.2.2', ''])
      expect(
        await send('POST', '/api/media/uploads', person, { 'tus-resumable': version, 'upload-length': 5 }),
      ).toMatchObject({ status: 412, body: { code: 'tus_version_unsupported' } })
  })
  it('400 validation_failed: a length or metadata that is none; 415: a part that is not called one', async () => {
    const person = await someone()
    const post = (headers: object) => send('POST', '/api/media/uploads', person, headers)
    for (const headers of [
      {},
      { 'upload-length': '0' },
      { 'upload-length': '-5' },
      { 'upload-length': '5.5' },
      { 'upload-length': 'many' },
      { 'upload-defer-length': '1' },
      { 'upload-length': '5', 'upload-metadata': 'filename ???' },
    ])
      expect((await post(headers)).status, JSON.stringify(headers)).toBe(400)
    const { path } = await begin(person, 5)
    expect((await patch(path, person, -1, text)).status).toBe(400)
    expect(
      (await patch(path, person, 0, Buffer.from('five!'), { 'content-type': 'text/plain' })).status,
    ).toBe(415)
    expect(
      (await patch(path, person, 0, Buffer.from('five!'), { 'upload-checksum': 'crc32 AAAA' })).status,
    ).toBe(400)
  })
  it('404 for everybody but its uploader, admins too; 401 for strangers', async () => {
    const person = await someone()
    const { path } = await begin(person, text.length)
    for (const other of [await someone(), await someone('admin')]) {
      expect((await send('HEAD', path, other)).status).toBe(404)
      expect((await patch(path, other, 0, text)).status).toBe(404)
      expect((await send('DELETE', path, other)).status).toBe(404)
    }
    expect((await send('HEAD', path, null)).status).toBe(401)
    expect((await send('POST', '/api/media/uploads', null, { 'upload-length': 5 })).status).toBe(401)
    expect((await send('DELETE', path, null)).status).toBe(401)
    expect((await send('HEAD', path, person)).headers.get('upload-offset')).toBe('0')
  })
  it('204 by DELETE: what came is forgotten, and the room is free', async () => {
    const person = await someone()
    const { path, id } = await begin(person, text.length)
    await patch(path, person, 0, text.subarray(0, 100))
    expect((await send('DELETE', path, person)).status).toBe(204)
    await world.drain()
    expect(existsSync(partOf(id))).toBe(false)
    expect((await send('HEAD', path, person)).status).toBe(404)
    expect(await usageOf(person)).toBe(0)
  })
  it('410 upload_expired a day after the last part; then the clean-up forgets it', async () => {
    const person = await someone()
    const { path, id } = await begin(person, text.length)
    world.clock.advance({ minutes: 23 * 60 })
    const again = await makePersonAgain(person)
    await patch(path, again, 0, text.subarray(0, 100))
    world.clock.advance({ minutes: 23 * 60 })
    expect((await send('HEAD', path, await makePersonAgain(person))).status).toBe(200)
    world.clock.advance({ minutes: 61 })
    const late = await makePersonAgain(person)
    expect((await send('HEAD', path, late)).status).toBe(410)
    expect((await patch(path, late, 100, text.subarray(100))).status).toBe(410)
    await world.database.pool.query(`select graphile_worker.add_job('media.clean-up', '{}')`)
    await world.drain()
    expect(existsSync(partOf(id))).toBe(false)
    expect((await send('HEAD', path, late)).status).toBe(404)
    expect(await usageOf(person)).toBe(0)
  })
  it('tells of the protocol by OPTIONS, and lets scripts of the front end read its headers', async () => {
    const options = await fetch(new URL('/api/media/uploads', world.url), {
      method: 'OPTIONS',
      headers: { origin: 'https://school.example', 'access-control-request-method': 'PATCH' },
    })
    expect(options.status).toBe(204)
    expect(options.headers.get('tus-version')).toBe('1.0.0')
    expect(options.headers.get('tus-extension')).toBe('creation,termination,expiration,checksum')
    expect(options.headers.get('access-control-allow-methods')).toContain('PATCH')
    const person = await someone()
    const { headers } = await send('POST', '/api/media/uploads', person, {
      origin: 'https://school.example',
      'upload-length': 5,
    })
    expect(headers.get('access-control-expose-headers')).toMatch(/location.*upload-offset/)
    expect(headers.get('tus-resumable')).toBe('1.0.0')
  })
  it('keeps random bytes as they are, in random parts', async () => {
    const person = await someone()
    const bytes = Buffer.concat([files.pdf(), randomBytes(200_000), Buffer.from('%%EOF')])
    const { path, id } = await begin(person, bytes.length, 'a.pdf')
    for (let at = 0; at < bytes.length; ) {
      const part = bytes.subarray(at, at + 1 + Math.floor(Math.random() * 50_000))
      expect((await patch(path, person, at, part)).status).toBe(204)
      at += part.length
    }
    const { body } = await detailsOf(id, person)
    const got = await (await fetch(body.url.replace('http://lectern.test', world.url))).arrayBuffer()
    expect(Buffer.from(got).equals(bytes)).toBe(true)
  })
})

/** Signed in anew: the clock has moved past the first access token. */
async function makePersonAgain(person: Person): Promise<Person> {
  const { body } = await world.client.post('/api/auth/login', {
    email: person.email,
    password: person.password,
  })
  return { ...person, accessToken: body.accessToken }
}
