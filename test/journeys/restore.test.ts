import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort, runLectern, type ServerProcess, startServer } from '../support/server.ts'

const person = { email: 'ana@example.org', password: 'a long password', name: 'Ana', role: 'instructor' }
const secret = 'a secret that is long enough for both schools'
let root: string
let server: ServerProcess
let file: string
let picture: string
let port: number

const env = (data: string) => ({
  LECTERN_DATA: join(root, data),
  ACCESS_TOKEN_SECRET: secret,
  LECTERN_DEMO: 'off',
})
const lectern = async (data: string, ...args: string[]) => {
  const { code, stdout, stderr } = await runLectern([...args, '--json'], env(data))
  return { code, stderr, said: stdout ? JSON.parse(stdout) : null }
}
const start = async (data: string) => {
  port = await freePort()
  server = await startServer({ data: join(root, data), port, env: env(data) })
}
const signIn = async () => {
  const { status, body } = await server.client.post('/api/auth/login', {
    email: person.email,
    password: person.password,
  })
  expect(status).toBe(200)
  return server.client.as(body.accessToken)
}
const readPicture = async () => {
  const { body } = await (await signIn()).get('/api/users/me')
  const { pathname } = new URL(body.avatarUrl)
  return `${pathname} ${Buffer.from(await (await fetch(`http://127.0.0.1:${port}${pathname}`)).arrayBuffer()).toString('base64')}`
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'lectern restore-'))
  await start('first')
  const { body } = await server.client.post('/api/auth/register', person)
  const ana = server.client.as(body.accessToken)
  await ana.post('/api/courses', { title: 'Bread' })
  const form = new FormData()
  const png = await sharp({ create: { width: 300, height: 300, channels: 3, background: 'teal' } })
    .png()
    .toBuffer()
  form.set('file', new Blob([new Uint8Array(png)]), 'me.png')
  await ana.put('/api/users/me/avatar', form)
  picture = await readPicture()
}, 120_000)
afterAll(async () => {
  await server.stop()
  await rm(root, { recursive: true, force: true })
})

describe('lectern backup and restore', { timeout: 180_000 }, () => {
  it('writes a backup beside the running school, and proves it', async () => {
    const { code, said, stderr } = await lectern('first', 'backup', '--media')
    expect({ code, stderr }).toMatchObject({ code: 0 })
    file = join(root, 'first/backups', said.name)
    expect(said).toMatchObject({ migration: expect.stringMatching(/^\d{4}_/), removed: [], missingFiles: [] })
    expect((await readFile(file)).length).toBe(said.bytes)
    const verified = await lectern('first', 'backup', '--verify', file)
    expect(verified).toMatchObject({ code: 0, said: { equal: true, files: 1, name: said.name } })
    expect(await readdir(join(root, 'first/backups'))).toContain(`${said.name}.verified`)
  })

  it('refuses to restore over a school, a running one or one at rest, and what is no backup', async () => {
    expect(await lectern('first', 'restore', file)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('already serves'),
    })
    await server.stop()
    expect(await lectern('first', 'restore', file)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('not empty'),
    })
    const foreign = join(root, 'foreign')
    await writeFile(foreign, 'create table users ();')
    expect(await lectern('none', 'restore', foreign)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no backup of Lectern'),
    })
    expect(await readdir(root)).not.toContain('none')
  })

  it('restores into a new folder: the school serves, its people sign in, their files are there', async () => {
    const { code, said, stderr } = await lectern('second', 'restore', file)
    expect({ code, stderr }).toMatchObject({ code: 0 })
    expect(said).toMatchObject({ files: 1, migrated: [] })
    await start('second')
    const ana = await signIn()
    expect((await ana.get('/api/courses/mine')).body.items).toMatchObject([{ title: 'Bread' }])
    expect(await readPicture()).toBe(picture)
    expect((await ana.post('/api/courses', { title: 'Cake' })).status).toBe(201)
  })
})
