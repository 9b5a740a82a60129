import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { upload } from '../../../test/support/media.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { files } from './factory.ts'

let world: World
let person: Person
beforeAll(async () => {
  world = await createWorld()
  person = await makePerson(world.deps, { role: 'instructor' })
})
afterAll(() => world.close())

const rows = async () =>
  (await world.database.pool.query('select id, status, bytes::float from media')).rows as {
    id: string
    status: string
    bytes: number
  }[]
const stored = () => {
  const folder = join(world.deps.config.dataFolder, 'media', 'media')
  return existsSync(folder) ? readdirSync(folder) : []
}

/** Every row has its object, every object its row, and the usage is their sum. */
async function expectBooksInOrder() {
  await world.drain()
  const kept = await rows()
  const ids = new Set(kept.map(({ id }) => id))
  expect(kept.filter(({ status }) => status === 'uploading')).toEqual([])
  expect(stored().filter((name) => !ids.has(name.slice(0, 36)))).toEqual([])
  expect(kept.filter(({ id }) => !stored().some((name) => name.startsWith(id)))).toEqual([])
  const usage = await world.database.pool.query(
    'select coalesce(sum(bytes), 0)::float as bytes from media_usage',
  )
  expect(usage.rows[0].bytes).toBe(kept.reduce((sum, { bytes }) => sum + bytes, 0))
}

const names = Object.keys(files) as (keyof typeof files)[]
const anyBytes = fc.oneof(
  fc.uint8Array({ maxLength: 3_000 }).map((bytes) => ({ make: async () => Buffer.from(bytes) })),
  // A real file, cut off, with something in the midst of it that is not its own, and more behind.
  fc
    .record({
      name: fc.constantFrom(...names),
      keep: fc.double({ min: 0, max: 1, noNaN: true }),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      noise: fc.uint8Array({ maxLength: 40 }),
      more: fc.uint8Array({ maxLength: 40 }),
    })
    .map(({ name, keep, at, noise, more }) => ({
      async make() {
        const whole = Buffer.from(await files[name]())
        const bytes = whole.subarray(0, Math.ceil(whole.length * keep))
        bytes.set(noise.slice(0, bytes.length), Math.floor(Math.max(0, bytes.length - noise.length) * at))
        return Buffer.concat([bytes, more])
      },
    })),
)

describe('whatever comes in', () => {
  it('an upload ends in a 2xx or a 4xx, and leaves its books in order', { timeout: 120_000 }, async () => {
    const me = world.client.as(person.accessToken)
    await fc.assert(
      fc.asyncProperty(
        anyBytes,
        fc.constantFrom('a', 'a.png', 'a.mp4', 'a.pdf', '../../etc/passwd', '\u202e.exe', ''),
        async ({ make }, name) => {
          const { status } = await upload(me, await make(), { name })
          expect([200, 201, 400, 413, 415]).toContain(status)
        },
      ),
      { numRuns: 150 },
    )
    await expectBooksInOrder()
  })

  it('a Range ends in a 200, 206 or 416 with the bytes that it says', { timeout: 60_000 }, async () => {
    const me = world.client.as(person.accessToken)
    const bytes = files.text()
    const { body } = await upload(me, bytes, { name: 'a.txt' })
    const url = body.url.replace('http://lectern.test', world.url)
    const number = fc.oneof(
      fc.nat(60).map(String),
      fc.constantFrom('', '-1', '99999999999999999999', 'x', '1.5'),
    )
    const header = fc.oneof(
      fc.tuple(number, number).map(([a, b]) => `bytes=${a}-${b}`),
      fc.string({ unit: 'grapheme-ascii', maxLength: 20 }).map((text) => text.trim()),
      fc
        .array(fc.tuple(fc.nat(40), fc.nat(40)), { maxLength: 5 })
        .map((all) => `bytes=${all.map((one) => one.join('-'))}`),
    )
    await fc.assert(
      fc.asyncProperty(header, async (range) => {
        const answer = await fetch(url, { headers: { range } })
        const got = Buffer.from(await answer.arrayBuffer())
        expect([200, 206, 416]).toContain(answer.status)
        if (answer.status === 200) expect(got.equals(bytes)).toBe(true)
        if (answer.status !== 206) return
        const [, start, end] = /^bytes (\d+)-(\d+)\/36$/.exec(answer.headers.get('content-range') ?? '') ?? []
        expect(got.equals(bytes.subarray(Number(start), Number(end) + 1))).toBe(true)
      }),
      { numRuns: 150 },
    )
  })

  it('headers of tus end in a 2xx or a 4xx', { timeout: 60_000 }, async () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme-ascii', maxLength: 30 }).map((said) => said.trim()),
      fc.integer().map(String),
      fc.constantFrom(
        '0',
        '1',
        '5',
        '9007199254740993',
        '1e3',
        '0x10',
        'sha1 AAAA',
        'md5 =',
        'filename',
        'a b,c ZA==',
      ),
    )
    const header = fc.constantFrom(
      'upload-length',
      'upload-offset',
      'upload-metadata',
      'upload-checksum',
      'upload-defer-length',
      'tus-resumable',
    )
    const request = fc.record({
      method: fc.constantFrom('POST', 'PATCH', 'HEAD', 'DELETE'),
      headers: fc.dictionary(header, text, { maxKeys: 5 }),
      body: fc.uint8Array({ maxLength: 20 }),
    })
    const send = async (path: string, method: string, headers: Record<string, string>, body?: Uint8Array) =>
      fetch(new URL(path, world.url), {
        method,
        headers: { authorization: `Bearer ${person.accessToken}`, 'tus-resumable': '1.0.0', ...headers },
        ...(body && method === 'PATCH' ? { body: new Uint8Array(body) } : {}),
      })
    await fc.assert(
      fc.asyncProperty(fc.array(request, { maxLength: 6 }), async (requests) => {
        const begun = await send('/api/media/uploads', 'POST', { 'upload-length': '30' })
        const path = begun.headers.get('location') ?? ''
        for (const { method, headers, body } of requests) {
          const type =
            method === 'PATCH'
              ? { 'content-type': 'application/offset+octet-stream', 'upload-offset': '0' }
              : {}
          const answer = await send(
            method === 'POST' ? '/api/media/uploads' : path,
            method,
            { ...type, ...headers },
            body,
          )
          expect(answer.status, JSON.stringify({ method, headers })).toBeLessThan(500)
          await answer.arrayBuffer()
        }
        expect([204, 404]).toContain((await send(path, 'DELETE', {})).status)
      }),
      { numRuns: 60 },
    )
    await world.database.pool.query(
      `update media set touched_at = touched_at - interval '2 days' where status = 'uploading'`,
    )
    await world.database.pool.query(`select graphile_worker.add_job('media.clean-up', '{}')`)
    await expectBooksInOrder()
    const parts = join(world.deps.config.dataFolder, 'uploads')
    expect(existsSync(parts) ? readdirSync(parts) : []).toEqual([])
  })
})
