import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Client } from '../../../test/support/http.ts'
import { upload } from '../../../test/support/media.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { makePerson } from '../accounts/factory.ts'
import { files } from './factory.ts'

let world: World
beforeAll(async () => {
  world = await createWorld({ config: { corsOrigins: ['https://school.example'] } })
})
afterAll(() => world.close())

async function someone(role: 'student' | 'instructor' | 'admin' = 'instructor') {
  const person = await makePerson(world.deps, { role })
  return { person, me: world.client.as(person.accessToken) }
}
const letters = Buffer.from('abcdefghijklmnopqrstuvwxyz')
async function uploaded(me: Client, bytes: Buffer = letters, name = 'letters.txt') {
  const { body } = await upload(me, bytes, { name })
  return body as { id: string; url: string }
}
const here = (url: string) => url.replace('http://lectern.test', world.url)
const fetchLink = (url: string, headers: Record<string, string> = {}) => fetch(here(url), { headers })

describe('GET /media/:id', () => {
  it('200: to its uploader, to admins, and to whoever has the signed address', async () => {
    const { me } = await someone()
    const { id, url } = await uploaded(me)
    const admin = (await someone('admin')).me
    for (const reader of [me, admin])
      expect((await reader.get(`/api/media/${id}`)).body).toBe(letters.toString())
    const linked = await fetchLink(url)
    expect({ status: linked.status, text: await linked.text() }).toEqual({
      status: 200,
      text: letters.toString(),
    })
  })
  it('404 for everybody else; 401 for strangers, whether it is there or not', async () => {
    const { id } = await uploaded((await someone()).me)
    for (const role of ['student', 'instructor'] as const)
      expect((await (await someone(role)).me.get(`/api/media/${id}`)).status).toBe(404)
    expect((await world.client.get(`/api/media/${id}`)).status).toBe(401)
    expect((await world.client.get('/api/media/019a3b5e-7c1d-7e2a-9f40-5b6c7d8e9f01')).status).toBe(401)
    expect((await world.client.as('nonsense').get(`/api/media/${id}`)).status).toBe(401)
  })
  it('401: an address that is over, of another file, or not as it was signed', async () => {
    const { me } = await someone()
    const { url } = await uploaded(me)
    const other = await uploaded(me)
    const changed = new URL(url)
    changed.searchParams.set('expires', String(Number(changed.searchParams.get('expires')) + 1))
    const cut = `${url.slice(0, -1)}${url.endsWith('A') ? 'B' : 'A'}`
    const without = url.replace(/&signature=.*/, '')
    for (const address of [
      changed.href,
      cut,
      without,
      `${url}A`,
      other.url.replace(/\?.*/, new URL(url).search),
    ])
      expect((await fetchLink(address)).status, address).toBe(401)
    world.clock.advance({ minutes: 89 })
    expect((await fetchLink(url)).status).toBe(200)
    world.clock.advance({ minutes: 92 })
    expect((await fetchLink(url)).status).toBe(401)
  })
  it.each([
    ['bytes=0-4', 'abcde', 'bytes 0-4/26'],
    ['bytes=20-', 'uvwxyz', 'bytes 20-25/26'],
    ['bytes=-3', 'xyz', 'bytes 23-25/26'],
    ['bytes=24-99', 'yz', 'bytes 24-25/26'],
    ['bytes=-99', letters.toString(), 'bytes 0-25/26'],
    ['bytes=3-3', 'd', 'bytes 3-3/26'],
  ])('206: %s', async (range, expected, contentRange) => {
    const { url } = await uploaded((await someone()).me)
    const answer = await fetchLink(url, { range })
    expect(answer.status).toBe(206)
    expect(answer.headers.get('content-range')).toBe(contentRange)
    expect(answer.headers.get('content-length')).toBe(String(expected.length))
    expect(await answer.text()).toBe(expected)
  })
  it.each(['bytes=26-', 'bytes=99-100', 'bytes=-0'])('416 range_not_satisfiable: %s', async (range) => {
    const { url } = await uploaded((await someone()).me)
    const answer = await fetchLink(url, { range })
    expect(answer.status).toBe(416)
    expect(answer.headers.get('content-range')).toBe('bytes */26')
    expect(await answer.json()).toMatchObject({ code: 'range_not_satisfiable' })
  })
  it.each(['bytes=5-2', 'bytes=a-b', 'letters=0-1', 'bytes=0-1,4-5', 'bytes=', 'bytes=-'])(
    '200 and the whole: %s is no range that is honored',
    async (range) => {
      const { url } = await uploaded((await someone()).me)
      const answer = await fetchLink(url, { range })
      expect(answer.status).toBe(200)
      expect(await answer.text()).toBe(letters.toString())
    },
  )
  it('304 and If-Range by the ETag', async () => {
    const { url } = await uploaded((await someone()).me)
    const tag = (await fetchLink(url)).headers.get('etag') ?? ''
    expect(tag).toMatch(/^"/)
    expect((await fetchLink(url, { 'if-none-match': tag })).status).toBe(304)
    expect((await fetchLink(url, { 'if-none-match': '"other"' })).status).toBe(200)
    expect((await fetchLink(url, { range: 'bytes=0-1', 'if-range': tag })).status).toBe(206)
    expect((await fetchLink(url, { range: 'bytes=0-1', 'if-range': '"other"' })).status).toBe(200)
  })
  it('HEAD says how long it is, and takes ranges', async () => {
    const { url } = await uploaded((await someone()).me)
    const whole = await fetch(here(url), { method: 'HEAD' })
    expect(whole.status).toBe(200)
    expect(whole.headers.get('content-length')).toBe('26')
    expect(whole.headers.get('accept-ranges')).toBe('bytes')
    const part = await fetch(here(url), { method: 'HEAD', headers: { range: 'bytes=0-9' } })
    expect({ status: part.status, length: part.headers.get('content-length') }).toEqual({
      status: 206,
      length: '10',
    })
    expect((await fetch(here(url.replace(/\?.*/, '')), { method: 'HEAD' })).status).toBe(401)
  })
  it('never serves as a page what it serves: nosniff, a sandbox, shown only where it cannot run', async () => {
    const { me } = await someone()
    const headersOf = async (bytes: Buffer, name: string) =>
      (await fetchLink((await uploaded(me, bytes, name)).url)).headers
    const text = await headersOf(Buffer.from('x <script>alert(1)</script>'), 'ä b%.txt')
    expect(text.get('x-content-type-options')).toBe('nosniff')
    expect(text.get('content-disposition')).toBe(
      `attachment; filename="_ b_.txt"; filename*=UTF-8''%C3%A4%20b%25.txt`,
    )
    expect(text.get('content-security-policy')).toBe(
      "default-src 'none'; base-uri 'none'; frame-ancestors https://school.example; sandbox",
    )
    for (const [bytes, name] of [
      [await files.png(), 'a.png'],
      [await files.mp4(), 'a.mp4'],
      [files.pdf(), 'a.pdf'],
    ] as const)
      expect((await headersOf(bytes, name)).get('content-disposition')).toBe(`inline; filename="${name}"`)
    expect((await headersOf(files.zipOfOne(), 'a.zip')).get('content-disposition')).toMatch(/^attachment/)
    expect((await headersOf(files.pdf(), 'a.pdf')).get('content-security-policy')).not.toContain('sandbox')
  })
  it('302 to the store, where that gives addresses of its own', async () => {
    const { me } = await someone()
    const { id, url } = await uploaded(me)
    const { storage } = world.deps
    const { link } = storage
    const asked: unknown[] = []
    storage.link = async (key, options) => {
      asked.push([key, options])
      return 'https://store.example/signed'
    }
    const answer = await fetch(here(url), { redirect: 'manual' })
    storage.link = link
    expect({ status: answer.status, to: answer.headers.get('location') }).toEqual({
      status: 302,
      to: 'https://store.example/signed',
    })
    expect(asked).toEqual([[`media/${id}.txt`, { seconds: 3_600, fileName: 'letters.txt', inline: false }]])
  })
  it('400 validation_failed: no id, an unknown query field', async () => {
    const { me } = await someone()
    const { id } = await uploaded(me)
    expect((await me.get('/api/media/nonsense')).status).toBe(400)
    expect((await me.get(`/api/media/${id}?w=3`)).status).toBe(400)
    expect((await me.get(`/api/media/${id}?width=0`)).status).toBe(400)
  })
  it('takes one statement by the signed address', async () => {
    const { url } = await uploaded((await someone()).me)
    world.statements.length = 0
    await fetchLink(url)
    expect(world.statements).toHaveLength(1)
  })
})

describe('GET /media/:id/details', () => {
  it('200: the Media, for whoever may see it; 404 and 401 as its bytes', async () => {
    const { me } = await someone()
    const { id } = await uploaded(me)
    expect((await me.get(`/api/media/${id}/details`)).body).toMatchObject({ id, kind: 'document', bytes: 26 })
    expect((await (await someone()).me.get(`/api/media/${id}/details`)).status).toBe(404)
    expect((await world.client.get(`/api/media/${id}/details`)).status).toBe(401)
  })
})

describe('GET /media', () => {
  it('200: the own files, the newest first, in pages', async () => {
    const { me } = await someone()
    await uploaded((await someone()).me)
    const ids: string[] = []
    for (const name of ['1.txt', '2.txt', '3.txt']) ids.unshift((await uploaded(me, letters, name)).id)
    const first = await me.get('/api/media?limit=2')
    const rest = await me.get(`/api/media?limit=2&cursor=${first.body.nextCursor}`)
    expect([...first.body.items, ...rest.body.items].map(({ id }) => id)).toEqual(ids)
    expect(rest.body.nextCursor).toBeNull()
  })
  it('400: a cursor of nobody; 401: signed out', async () => {
    expect((await (await someone()).me.get('/api/media?cursor=x')).status).toBe(400)
    expect((await world.client.get('/api/media')).status).toBe(401)
  })
})
