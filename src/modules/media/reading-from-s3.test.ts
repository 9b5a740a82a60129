import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, httpClient } from '../../../test/support/http.ts'
import { upload } from '../../../test/support/media.ts'
import { type S3Server, startS3Server } from '../../../test/support/s3-server.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { buildApp } from '../../app.ts'
import { readConfig } from '../../platform/config.ts'
import type { App } from '../../platform/http/app.ts'
import { openStorage } from '../../platform/storage/open.ts'
import { makePerson } from '../accounts/factory.ts'
import { files } from './factory.ts'

let world: World
let s3: S3Server
let app: App
let me: Client
let stranger: Client
beforeAll(async () => {
  world = await createWorld()
  s3 = await startS3Server()
  const { config, clock } = world.deps
  const { stores } = readConfig({
    LECTERN_DATA: config.dataFolder,
    MEDIA_STORE: 's3',
    S3_ENDPOINT: s3.endpoint,
    S3_BUCKET: s3.bucket,
    S3_ACCESS_KEY_ID: s3.accessKeyId,
    S3_SECRET_ACCESS_KEY: s3.secretAccessKey,
  })
  const storage = await openStorage('s3', { ...config, stores }, clock)
  if (!storage) expect.fail()
  app = await buildApp({ ...world.deps, storage })
  await app.listen({ host: '127.0.0.1', port: 0 })
  stranger = httpClient(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}`)
  me = stranger.as((await makePerson(world.deps)).accessToken)
})
afterAll(async () => {
  await app.close()
  await s3.close()
  await world.close()
})

/** Follows a 302 to the store as a browser does, without the bearer. */
async function follow(client: Client, path: string, headers: Record<string, string> = {}) {
  const answer = await client.get(path)
  expect(answer.status).toBe(302)
  expect(answer.headers.get('cache-control')).toBe('no-store')
  const location = answer.headers.get('location') ?? ''
  expect(new URL(location).origin).toBe(new URL(s3.endpoint).origin)
  const there = await fetch(location, { headers })
  return {
    location,
    status: there.status,
    headers: there.headers,
    bytes: Buffer.from(await there.arrayBuffer()),
  }
}

describe('GET /media/:id with MEDIA_STORE=s3', () => {
  it('302: to an address of the store that gives the bytes, and ranges of them', async () => {
    const film = await files.mp4()
    const { body } = await upload(me, film, { name: 'lesson 1.mp4' })
    expect(body).toMatchObject({ kind: 'video', status: 'ready', durationSeconds: 2 })
    const whole = await follow(me, `/api/media/${body.id}`)
    expect(whole).toMatchObject({ status: 200, bytes: film })
    expect(whole.headers.get('content-type')).toBe('video/mp4')
    const part = await follow(me, `/api/media/${body.id}`, { range: 'bytes=10-19' })
    expect(part).toMatchObject({ status: 206, bytes: film.subarray(10, 20) })
  })
  it('302: by its signed address, for who has no bearer; of an image also a smaller one', async () => {
    const { body } = await upload(me, await files.png(700, 30))
    const { pathname, search } = new URL(body.url)
    const whole = await follow(stranger, pathname + search)
    const smaller = await follow(stranger, `${pathname}${search}&width=320`)
    expect(whole.headers.get('content-type')).toBe('image/png')
    expect(smaller.headers.get('content-type')).toBe('image/webp')
  })
  it('is saved, not shown, where a browser could run it', async () => {
    const { body } = await upload(me, files.text(), { name: 'notes.txt' })
    const { location } = await follow(me, `/api/media/${body.id}`)
    expect(new URL(location).searchParams.get('response-content-disposition')).toMatch(/^attachment; /)
    const { body: pdf } = await upload(me, files.pdf())
    const shown = await follow(me, `/api/media/${pdf.id}`)
    expect(new URL(shown.location).searchParams.get('response-content-disposition')).toMatch(/^inline; /)
  })
  it('401, 404: nobody else is told where it is', async () => {
    const { body } = await upload(me, files.text())
    expect((await stranger.get(`/api/media/${body.id}`)).status).toBe(401)
    const other = stranger.as((await makePerson(world.deps)).accessToken)
    const answer = await other.get(`/api/media/${body.id}`)
    expect(answer.status).toBe(404)
    expect(answer.headers.has('location')).toBe(false)
  })
})
