import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makePerson } from '../../src/modules/accounts/factory.ts'
import { type Cable, layCable } from '../../test/support/cable.ts'
import { createWorld, type World } from '../../test/support/world.ts'
import { newKey } from '../src/index.ts'
import { uploadFile } from '../src/uploads.ts'
import { network } from './network.ts'
import { signedIn } from './signed-in.ts'

const world: World = {} as never
let cable: Cable
beforeAll(async () => {
  Object.assign(world, await createWorld())
  cable = await layCable(Number(new URL(world.url).port))
})
afterAll(async () => {
  await cable.close()
  await world.close()
})

const mega = 1024 ** 2
const through = () => ({ baseUrl: `http://127.0.0.1:${cable.port}` })

/** A PDF, and then bytes of which none is like its neighbor. */
function document(bytes: number): File {
  const blocks = Array.from({ length: bytes / 32 }, (_, i) => createHash('sha256').update(String(i)).digest())
  const whole = Buffer.concat(blocks)
  whole.write('%PDF-1.7\n')
  whole.write('%%EOF\n', bytes - 6)
  return new File([whole], 'notes.pdf', { type: 'application/pdf' })
}

const sumOf = async (blob: Blob) =>
  createHash('sha256')
    .update(new Uint8Array(await blob.arrayBuffer()))
    .digest('hex')

it('a small file goes in one request', async () => {
  const net = network()
  const client = await signedIn(world, await makePerson(world.deps), { fetch: net.fetch })
  const progress: number[][] = []
  const media = await uploadFile(client, document(32_000), { onProgress: (...told) => progress.push(told) })
  expect(media).toMatchObject({ fileName: 'notes.pdf', status: 'ready', bytes: 32_000 })
  expect(progress).toEqual([
    [0, 32_000],
    [32_000, 32_000],
  ])
  expect(net.to('/api/media')).toHaveLength(1)
})

it('a large one goes on where it was when its connection was cut', { timeout: 60_000 }, async () => {
  const client = await signedIn(world, await makePerson(world.deps, { role: 'instructor' }), through())
  const file = document(12 * mega)
  const sent: number[] = []
  let cutAt = 0
  const media = await uploadFile(client, file, {
    onProgress(bytes) {
      sent.push(bytes)
      if (cutAt || bytes < 9 * mega) return
      cutAt = sent.length
      cable.cut()
      cable.mend()
    },
  })
  expect(cutAt).toBeGreaterThan(0)
  // The first part had come, and was not sent again.
  expect(Math.min(...sent.slice(cutAt))).toBeGreaterThanOrEqual(8 * mega)
  expect(media).toMatchObject({ fileName: 'notes.pdf', bytes: file.size, status: 'ready' })
  expect(await sumOf(await client.media.get(media.id))).toBe(await sumOf(file))
})

it.each([429, 502, 404])(
  'a large one goes on where it was when its connection was cut, and a proxy answers %i meanwhile',
  {
    timeout: 60_000,
  },
  async (status) => {
    const faults = { PATCH: [0, 'cut'], HEAD: [status] } as Record<string, (number | 'cut')[]>
    const proxy = await openProxy((method) => faults[method]?.shift() || null)
    const client = await signedIn(world, await makePerson(world.deps, { role: 'instructor' }), proxy)
    const file = document(9 * mega)
    const media = await uploadFile(client, file)
    expect(media).toMatchObject({ bytes: file.size, status: 'ready' })
    expect(await sumOf(await client.media.get(media.id))).toBe(await sumOf(file))
    const sent = proxy.sent.filter(([method]) => ['POST', 'PATCH'].includes(method ?? ''))
    expect(sent.filter(([, path]) => path !== '/api/auth/refresh')).toEqual([
      ['POST', '/api/media/uploads', undefined],
      ['PATCH', `/api/media/uploads/${media.id}`, '0'],
      ['PATCH', `/api/media/uploads/${media.id}`, `${8 * mega}`],
      ['PATCH', `/api/media/uploads/${media.id}`, `${8 * mega}`],
    ])
    await proxy.close()
  },
)

it('unauthenticated: who began it is no longer signed in, and whoever is now does not go on with it', {
  timeout: 60_000,
}, async () => {
  const [ines, omar] = [await makePerson(world.deps), await makePerson(world.deps)]
  const faults: ('cut' | 0)[] = [0, 'cut']
  const proxy = await openProxy((method) => (method === 'PATCH' && faults.shift()) || null)
  const client = await signedIn(world, ines, { baseUrl: proxy.baseUrl })
  let signingIn: Promise<unknown> | undefined
  const upload = uploadFile(client, document(9 * mega), {
    onProgress: (sent) => {
      if (sent > 8 * mega) signingIn ??= client.auth.login({ email: omar.email, password: omar.password })
    },
  })
  await expect(upload).rejects.toMatchObject({ code: 'unauthenticated' })
  await signingIn
  expect(
    proxy.sent.filter(([method, path]) => method === 'POST' && path === '/api/media/uploads'),
  ).toHaveLength(1)
  expect((await client.media.list()).items).toEqual([])
  await proxy.close()
})

it('one that the server knows nothing of any more begins anew', { timeout: 60_000 }, async () => {
  const client = await signedIn(world, await makePerson(world.deps, { role: 'instructor' }))
  const resumeAt = `${world.url}/api/media/uploads/${newKey()}`
  const file = document(2 * mega)
  expect(await uploadFile(client, file, { resumeAt })).toMatchObject({ status: 'ready', bytes: file.size })
})

it('one that was given up goes on later, by its address', { timeout: 60_000 }, async () => {
  const client = await signedIn(world, await makePerson(world.deps, { role: 'instructor' }), through())
  const file = document(12 * mega)
  const control = new AbortController()
  let address = ''
  const first = uploadFile(client, file, {
    signal: control.signal,
    onBegun: (url) => {
      address = url
    },
    onProgress: (bytes) => bytes > 8 * mega && control.abort(),
  })
  await expect(first).rejects.toMatchObject({ code: 'aborted' })
  const sent: number[] = []
  const media = await uploadFile(client, file, { resumeAt: address, onProgress: (bytes) => sent.push(bytes) })
  expect(media).toMatchObject({ status: 'ready', bytes: file.size })
  expect(sent[0]).toBeGreaterThanOrEqual(8 * mega)
})

it('payload_too_large, quota_exceeded, unsupported_media_type: the refusal is that of the server', async () => {
  const client = await signedIn(world, await makePerson(world.deps), through())
  const page = new File([`<!doctype html><p>${'x'.repeat(2 * mega)}`], 'page.html', { type: 'text/html' })
  await expect(uploadFile(client, page)).rejects.toMatchObject({
    status: 415,
    code: 'unsupported_media_type',
  })
})

/** A proxy on the way to the server, which at times answers itself, or cuts a connection. */
async function openProxy(fault: (method: string) => number | 'cut' | null) {
  const sent: (string | undefined)[][] = []
  const server = createServer((asked, answer) => {
    const { method = '', url = '', headers } = asked
    sent.push([method, url, headers['upload-offset'] as string | undefined])
    const own = fault(method)
    if (own === 'cut') return void asked.socket.destroy()
    if (own !== null) return void answer.writeHead(own, { 'content-type': 'text/html' }).end()
    const on = request(`${world.url}${url}`, { method, headers }, (come) => {
      answer.writeHead(come.statusCode ?? 500, come.headers)
      come.pipe(answer)
    })
    on.on('error', () => answer.destroy())
    asked.pipe(on)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    sent,
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
