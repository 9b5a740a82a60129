import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort, type ServerProcess, startServer } from '../support/server.ts'

const megabyte = 1024 ** 2
const sentMb = 200
/** What is kept would be all of it. How little it is, `bench/upload.ts` says: here it depends on when garbage is collected. */
const mostMb = sentMb / 2
const chunk = Buffer.alloc(megabyte, 'An upload that is not kept in memory. ')

let data: string
let port: number
let server: ServerProcess
let authorization: string
let startMb: number
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'lectern-memory-'))
  port = await freePort()
  server = await startServer({ data, port })
  startMb = residentMb()
  const person = { email: 'ines@example.org', password: 'a long password', name: 'Inês', role: 'instructor' }
  const { body } = await server.client.post('/api/auth/register', person)
  authorization = `Bearer ${body.accessToken}`
}, 60_000)
afterAll(async () => {
  await server.stop()
  await rm(data, { recursive: true, force: true })
})

function residentMb(): number {
  const status = readFileSync(`/proc/${server.process.pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_024
}

/** Sends chunk after chunk, and measures the server with each. */
async function send(
  method: string,
  path: string,
  { headers, before, after }: Record<'before' | 'after', Buffer[]> & { headers: object },
): Promise<{ status: number; body: string; mostMb: number }> {
  let most = 0
  function* body() {
    yield* before
    for (let sent = 0; sent < sentMb; sent++) {
      most = Math.max(most, residentMb())
      yield chunk
    }
    yield* after
  }
  const sent = request({ port, host: '127.0.0.1', path, method, headers: { authorization, ...headers } })
  const answered = once(sent, 'response')
  await pipeline(Readable.from(body(), { objectMode: false }), sent)
  const [answer] = await answered
  const text = Buffer.concat(await answer.toArray()).toString()
  return { status: answer.statusCode, body: text, mostMb: Math.max(most, residentMb()) }
}

describe.skipIf(process.platform !== 'linux')(`an upload of ${sentMb} MB is not kept in memory`, () => {
  it('as a form', { timeout: 120_000 }, async () => {
    const head = '--x\r\ncontent-disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
    const { status, body, ...taken } = await send('POST', '/api/media', {
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
      before: [Buffer.from(head)],
      after: [Buffer.from('\r\n--x--\r\n')],
    })
    expect(status).toBe(201)
    expect(JSON.parse(body).bytes).toBe(sentMb * megabyte)
    expect(taken.mostMb).toBeLessThan(startMb + mostMb)
  })

  it('by tus, in one part', { timeout: 120_000 }, async () => {
    const tus = { 'tus-resumable': '1.0.0' }
    const length = { ...tus, 'upload-length': String(sentMb * megabyte) }
    const headers = { authorization, ...length }
    const begun = await server.client.post('/api/media/uploads', undefined, { headers })
    const { status, ...taken } = await send('PATCH', `/api/media/uploads/${begun.body.id}`, {
      headers: {
        ...tus,
        'upload-offset': 0,
        'content-type': 'application/offset+octet-stream',
        'content-length': sentMb * megabyte,
      },
      before: [],
      after: [],
    })
    expect(status).toBe(204)
    expect(taken.mostMb).toBeLessThan(startMb + mostMb)
  })
})
