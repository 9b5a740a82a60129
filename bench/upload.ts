import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { startFakeCloudinary } from '../test/support/fake-cloudinary.ts'
import { startS3Server } from '../test/support/s3-server.ts'
import { freePort, startServer } from '../test/support/server.ts'

/**
 * `node bench/upload.ts [local|s3|cloudinary] [MB]`: uploads 2 GB, if nothing else is said, to a real server that has just started, as a
 * form, then by tus in one part, then as a form again, and prints MB/s and by how much the server's resident memory rose above what it was
 * when it had started. The server's other work (database, jobs) and the store run on the same machine.
 */
const [kind = 'local', size = '2048'] = process.argv.slice(2)
const bytes = Number(size) * 1024 ** 2
const store = await openStore()
const chunk = Buffer.alloc(1024 ** 2, 'a bench of uploads. ')

const data = await mkdtemp(join(tmpdir(), 'lectern-bench-'))
const port = await freePort()
const server = await startServer({ data, port, env: { MEDIA_STORE: kind, ...store.env } })
const person = { email: 'b@example.org', password: 'a long password', name: 'Bench', role: 'instructor' }
const { body } = await server.client.post('/api/auth/register', person)
const authorization = `Bearer ${body.accessToken}`

const before = residentMb()
try {
  await send(`${kind}, ${size} MB as a form, the first upload`, asForm)
  await send(`${kind}, ${size} MB by tus, in one part`, byTus)
  await send(`${kind}, ${size} MB as a form`, asForm)
} finally {
  await server.stop()
  await store.close()
  await rm(data, { recursive: true, force: true })
}

/** One that listens on the loopback, and how a server is told of it. */
async function openStore(): Promise<{ env: Record<string, string>; close: () => Promise<void> }> {
  if (kind === 's3') {
    const { endpoint, bucket, accessKeyId, secretAccessKey, close } = await startS3Server()
    const keys = { S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey }
    return { env: { S3_ENDPOINT: endpoint, S3_BUCKET: bucket, ...keys }, close }
  }
  if (kind === 'cloudinary') {
    const cloudinary = await startFakeCloudinary()
    return { env: { CLOUDINARY_URL: cloudinary.url() }, close: cloudinary.close }
  }
  return { env: {}, close: async () => undefined }
}

async function send(name: string, how: (size: number) => Promise<string>): Promise<void> {
  let most = residentMb()
  const sampler = setInterval(() => {
    most = Math.max(most, residentMb())
  }, 20)
  const started = performance.now()
  const id = await how(bytes)
  const seconds = (performance.now() - started) / 1_000
  clearInterval(sampler)
  const rate = Math.round(bytes / 1e6 / seconds)
  process.stdout.write(
    `${name}: ${rate} MB/s; memory ${before} MB before, ${most} MB at most: +${most - before} MB\n`,
  )
  await server.client.as(body.accessToken).delete(`/api/media/${id}`)
}

function residentMb(): number {
  const status = readFileSync(`/proc/${server.process.pid}/status`, 'utf8')
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024)
}

/** A film as far as its first bytes tell: its index is missing, which is found at its end, and changes nothing here. */
function* film(size: number): Generator<Buffer> {
  const first = Buffer.from(chunk)
  first.write('\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41', 0, 'latin1')
  // A box as long as the rest (ISO/IEC 14496-12, section 4.2: a size of 0).
  first.write('\0\0\0\0mdat', 32, 'latin1')
  for (let sent = 0; sent < size; sent += chunk.length) yield sent === 0 ? first : chunk
}

async function asForm(size: number): Promise<string> {
  const before = Buffer.from(
    '--x\r\ncontent-disposition: form-data; name="file"; filename="film.mp4"\r\n\r\n',
  )
  const after = Buffer.from('\r\n--x--\r\n')
  function* form() {
    yield before
    yield* film(size)
    yield after
  }
  const headers = {
    'content-type': 'multipart/form-data; boundary=x',
    'content-length': before.length + size + after.length,
  }
  const { text } = await ask('POST', '/api/media', headers, form())
  return JSON.parse(text).id
}

async function byTus(size: number): Promise<string> {
  const tus = { 'tus-resumable': '1.0.0' }
  const { location } = await ask('POST', '/api/media/uploads', { ...tus, 'upload-length': size }, [])
  const part = {
    ...tus,
    'upload-offset': 0,
    'content-type': 'application/offset+octet-stream',
    'content-length': size,
  }
  await ask('PATCH', location, part, film(size))
  return location.split('/').at(-1) ?? ''
}

async function ask(
  method: string,
  path: string,
  headers: Record<string, string | number>,
  body: Iterable<Buffer>,
) {
  const sent = request({ port, host: '127.0.0.1', path, method, headers: { authorization, ...headers } })
  const answered = once(sent, 'response')
  await pipeline(Readable.from(body, { objectMode: false }), sent)
  const [answer] = await answered
  const text = Buffer.concat(await answer.toArray()).toString()
  if (answer.statusCode >= 300) throw new Error(`${method} ${path}: ${answer.statusCode} ${text}`)
  return { text, location: String(answer.headers.location ?? '') }
}
