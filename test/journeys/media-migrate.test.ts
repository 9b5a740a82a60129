import { readdirSync } from 'node:fs'
import { mkdtemp, rm, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type S3Server, startS3Server } from '../support/s3-server.ts'
import { freePort, runLectern, type ServerProcess, startServer } from '../support/server.ts'

const people = ['ana', 'ben', 'cleo'] as const
const password = 'a long password'
const tokens: string[] = []
let data: string
let s3: S3Server
let server: ServerProcess
let pictures: string[]

const s3Variables = () => ({
  S3_ENDPOINT: s3.endpoint,
  S3_BUCKET: s3.bucket,
  S3_ACCESS_KEY_ID: s3.accessKeyId,
  S3_SECRET_ACCESS_KEY: s3.secretAccessKey,
})
const start = async (env: Record<string, string>) => {
  server = await startServer({ data, port: await freePort(), env: { ...s3Variables(), ...env } })
}
const migrate = async (options: string, env: Record<string, string> = {}) => {
  const args = ['media', 'migrate', ...options.split(' '), '--json']
  const { code, stdout, stderr } = await runLectern(args, { LECTERN_DATA: data, ...s3Variables(), ...env })
  return { code, stderr, report: stdout ? JSON.parse(stdout) : null }
}
const localFiles = () =>
  readdirSync(join(data, 'media'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))

/** Everybody's picture, as a browser gets it. */
const readPictures = () =>
  Promise.all(
    tokens.map(async (token) => {
      const { body } = await server.client.as(token).get('/api/users/me')
      const answer = await fetch(body.avatarUrl)
      return `${answer.status} ${Buffer.from(await answer.arrayBuffer()).toString('base64')}`
    }),
  )

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'lectern migrate-'))
  s3 = await startS3Server()
  await start({})
  for (const [index, name] of people.entries()) {
    const person = { email: `${name}@example.org`, password, name }
    const { accessToken } = (await server.client.post('/api/auth/register', person)).body
    const picture = sharp({
      create: { width: 600, height: 600, channels: 3, background: { r: 80 * index, g: 9, b: 9 } },
    })
    const form = new FormData()
    form.set('file', new Blob([new Uint8Array(await picture.png().toBuffer())]), 'me.png')
    await server.client.as(accessToken).put('/api/users/me/avatar', form)
    tokens.push(accessToken)
  }
  pictures = await readPictures()
})
afterAll(async () => {
  await server.stop()
  await s3.close()
  await rm(data, { recursive: true, force: true })
})

describe('lectern media migrate', { timeout: 180_000 }, () => {
  it('refuses stores that are unknown, the same, not configured, or still in use where it is to delete', async () => {
    const refusals = [
      ['--from local --to tape', '--to STORE: one of local, s3, cloudinary'],
      ['--from local --to local', 'the same store'],
      ['--from local --to cloudinary', 'cloudinary is not configured'],
      ['--from local --to s3 --delete', 'MEDIA_STORE is still local'],
    ] as const
    const answers = await Promise.all(refusals.map(([options]) => migrate(options)))
    for (const [index, [, reason]] of refusals.entries())
      expect(answers[index]).toMatchObject({ code: 1, stderr: expect.stringContaining(reason) })
    const guessed = await migrate('--from local --to s3', { S3_SECRET_ACCESS_KEY: 'guessed' })
    expect(guessed).toMatchObject({ code: 1, report: { copied: 0, failed: { length: 3 } } })
  })

  it('moves a running school to S3 and back: every picture is the same, nothing is deleted unasked', async () => {
    expect(await migrate('--from local --to s3')).toMatchObject({
      code: 0,
      report: { copied: 3, present: 0, deleted: 0, failed: [] },
    })
    expect(localFiles()).toHaveLength(3)

    await server.stop()
    await start({ MEDIA_STORE: 's3' })
    expect(await readPictures()).toEqual(pictures)

    const onS3 = { MEDIA_STORE: 's3' }
    expect(await migrate('--from local --to s3 --delete', onS3)).toMatchObject({
      code: 0,
      report: { copied: 0, present: 3, deleted: 3, failed: [] },
    })
    expect(localFiles()).toEqual([])
    expect(await readPictures()).toEqual(pictures)

    expect(await migrate('--from s3 --to local', onS3)).toMatchObject({ code: 0, report: { copied: 3 } })
    await server.stop()
    await start({ MEDIA_STORE: 'local' })
    expect(await readPictures()).toEqual(pictures)
  })

  it('goes on where it was stopped, and mends a copy that was cut off', async () => {
    const [first = '', second = ''] = localFiles()
    await rm(first)
    const onS3 = { MEDIA_STORE: 's3' }
    expect(await migrate('--from s3 --to local', onS3)).toMatchObject({ report: { copied: 1, present: 2 } })
    await truncate(second, 1_000)
    const { code, report } = await migrate('--from s3 --to local', onS3)
    // The local store says itself that this file is damaged, so that nobody takes it for a copy.
    expect({ code, failed: report.failed }).toEqual({
      code: 1,
      failed: [{ key: expect.stringContaining('avatars/'), reason: expect.stringContaining('damaged') }],
    })
    await rm(second)
    expect(await migrate('--from s3 --to local', onS3)).toMatchObject({ code: 0, report: { copied: 1 } })
    expect(await readPictures()).toEqual(pictures)
  })
})
