import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildApp } from '../../src/app.ts'
import { makePerson, type Person } from '../../src/modules/accounts/factory.ts'
import type { Deps } from '../../src/platform/deps.ts'
import type { App } from '../../src/platform/http/app.ts'
import { createLocalStorage } from '../../src/platform/storage/local.ts'
import type { Storage } from '../../src/platform/storage/storage.ts'
import { refusingFailures } from '../../src/platform/storage/store-failures.ts'
import { type Client, httpClient } from '../support/http.ts'
import { upload } from '../support/media.ts'
import { freePort, startServer } from '../support/server.ts'
import { mountSmallDisk } from '../support/small-disk.ts'
import { createWorld, type World } from '../support/world.ts'

const mebibyte = 1024 ** 2
const storeFull = { status: 507, body: { code: 'store_full' } }
// Each is a file system of its own. Where this account may not mount any, what is below them tests with errors that are made.
const forFiles = await mountSmallDisk(4)
const forAll = await mountSmallDisk(160)

let world: World
const apps: App[] = []
beforeAll(async () => {
  world = await createWorld()
})
afterAll(async () => {
  for (const app of apps) await app.close()
  await world.close()
  await forFiles?.remove()
  await forAll?.remove()
})

async function serve(otherwise: Partial<Deps>): Promise<{ client: Client; address: string }> {
  const app = await buildApp({ ...world.deps, ...otherwise })
  apps.push(app)
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  return { client: httpClient(address), address }
}

const text = (bytes: number) => Buffer.alloc(bytes, 'Notes of the first lesson. ')

async function expectNothingOf({ id }: Person): Promise<void> {
  await world.drain()
  const { pool } = world.database
  expect((await pool.query('select from media where user_id = $1', [id])).rows).toEqual([])
  const { rows } = await pool.query('select bytes from media_usage where user_id = $1 and bytes > 0', [id])
  expect(rows).toEqual([])
}

async function expectBytes(client: Client, id: string, bytes: Buffer): Promise<void> {
  const answer = await client.get(`/api/media/${id}`)
  expect(answer.status).toBe(200)
  expect(Buffer.from(answer.body).equals(bytes)).toBe(true)
}

it('507 store_full where the store has no room: nothing is kept, the quota is given back, and it is taken when there is', async () => {
  const person = await makePerson(world.deps, { role: 'instructor' })
  let full = true
  const storage: Storage = {
    ...world.deps.storage,
    async put(key, source, options) {
      if (!full) return world.deps.storage.put(key, source, options)
      for await (const _ of source) break
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
    },
  }
  const school = await serve({ storage: refusingFailures(storage, world.deps.log) })
  const client = school.client.as(person.accessToken)
  const refused = await upload(client, text(3 * mebibyte), { name: 'notes.txt' })
  expect(refused).toMatchObject(storeFull)
  expect(refused.headers.get('retry-after')).toBe('60')
  await expectNothingOf(person)
  full = false
  const { status, body } = await upload(client, text(3 * mebibyte), { name: 'notes.txt' })
  expect(status).toBe(201)
  await expectBytes(client, body.id, text(3 * mebibyte))
})

it('503 overloaded with Retry-After where the database has no room', async () => {
  const noRoom = Object.assign(new pg.DatabaseError('could not extend file', 0, 'error'), { code: '53100' })
  const { client } = await serve({ transact: () => Promise.reject(noRoom) })
  const person = { email: 'full@example.org', password: 'a long password', name: 'Full' }
  const answer = await client.post('/api/auth/register', person)
  expect(answer).toMatchObject({ status: 503, body: { code: 'overloaded' } })
  expect(answer.headers.get('retry-after')).toBe('1')
})

if (forFiles) {
  describe('on a disk of 4 MiB', () => {
    let person: Person
    let client: Client
    let address: string
    beforeAll(async () => {
      person = await makePerson(world.deps, { role: 'instructor' })
      const { log, clock, config } = world.deps
      const store = await createLocalStorage({ folder: join(forFiles.folder, 'media'), clock })
      const school = await serve({
        config: { ...config, dataFolder: forFiles.folder },
        storage: refusingFailures(store, log),
      })
      client = school.client.as(person.accessToken)
      address = school.address
    })

    it('507 store_full for a file that does not fit: none of it stays, and a smaller one is kept', async () => {
      expect(await upload(client, text(6 * mebibyte), { name: 'notes.txt' })).toMatchObject(storeFull)
      await expectNothingOf(person)
      expect(await readdir(join(forFiles.folder, 'media/.incoming'))).toEqual([])
      const { status, body } = await upload(client, text(mebibyte), { name: 'notes.txt' })
      expect(status).toBe(201)
      await expectBytes(client, body.id, text(mebibyte))
      await client.delete(`/api/media/${body.id}`)
      await world.drain()
    })

    it('507 store_full for a part: the upload is where it was before it, and goes on when there is room', async () => {
      const [first, second] = [text(0.5 * mebibyte), text(0.5 * mebibyte)]
      const tus = { 'tus-resumable': '1.0.0' }
      const begun = await client.post('/api/media/uploads', undefined, {
        headers: { ...tus, 'upload-length': String(first.length + second.length) },
      })
      const path = new URL(begun.headers.get('location') ?? '', 'http://x').pathname
      const sendPart = (part: Buffer, offset: number) =>
        client.patch(path, new Blob([new Uint8Array(part)]), {
          headers: {
            ...tus,
            'upload-offset': String(offset),
            'content-type': 'application/offset+octet-stream',
          },
        })
      expect((await sendPart(first, 0)).status).toBe(204)
      await forFiles.fill()
      expect(await sendPart(second, first.length)).toMatchObject(storeFull)
      await forFiles.free()
      const upTo = await fetch(new URL(path, address), {
        method: 'HEAD',
        headers: { ...tus, authorization: `Bearer ${person.accessToken}` },
      })
      expect(upTo.headers.get('upload-offset')).toBe(String(first.length))
      expect((await sendPart(second, first.length)).status).toBe(204)
      await expectBytes(client, begun.body.id, Buffer.concat([first, second]))
    })
  })
}

if (forAll) {
  it('503 overloaded while the disk of the embedded PostgreSQL is full; it recovers, and has all that was acknowledged', async () => {
    const server = await startServer({ data: forAll.folder, port: await freePort() })
    const person = {
      email: 'ines@example.org',
      password: 'a long password',
      name: 'Inês',
      role: 'instructor',
    }
    const { body } = await server.client.post('/api/auth/register', person)
    const client = server.client.as(body.accessToken)
    // Of which PostgreSQL keeps some pages each, uncompressed.
    const description = Array.from({ length: 1_000 }, (_, n) => Math.sin(n).toString(36)).join(' ')
    const acknowledged: string[] = []
    const write = async () => {
      const title = `Course ${acknowledged.length}`
      const answer = await client.post('/api/courses', { title, description })
      if (answer.status === 201) acknowledged.push(answer.body.id)
      return answer
    }
    expect((await write()).status).toBe(201)
    await forAll.fill()
    let refused = await write()
    while (refused.status === 201) refused = await write()
    expect(refused).toMatchObject({ status: 503, body: { code: 'overloaded' } })
    expect(refused.headers.get('retry-after')).toBe('1')
    expect((await server.client.get('/healthz')).status).toBe(200)
    await forAll.free()
    await expect.poll(async () => (await write()).status).toBe(201)
    const found: string[] = []
    for (let cursor = ''; ; ) {
      const page = await client.get(`/api/courses/mine?limit=100${cursor && `&cursor=${cursor}`}`)
      found.push(...page.body.items.map(({ id }: { id: string }) => id))
      cursor = page.body.nextCursor
      if (!cursor) break
    }
    expect(found.toSorted()).toEqual(acknowledged.toSorted())
    expect(await server.stop()).toBe(0)
  })
}
