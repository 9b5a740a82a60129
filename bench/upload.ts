import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { startFakeCloudinary } from '../test/support/fake-cloudinary.ts'
import { startS3Server } from '../test/support/s3-server.ts'
import { freePort, startServer } from '../test/support/server.ts'
import { residentMb, say } from './process.ts'

export interface UploadFigures {
  readonly name: string
  readonly megabytesPerSecond: number
  /** Resident MiB of the server: when it had started, and at most while this was uploaded. */
  readonly before: number
  readonly most: number
}

interface Uploader {
  readonly port: number
  readonly authorization: string
}

const chunk = Buffer.alloc(1024 ** 2, 'a bench of uploads. ')

/**
 * Uploads a file to a real server that has just started: as a form, then by tus in one part, then as a form again. The server's other
 * work (database, jobs) and the store run on the same machine. Linux only.
 * @param options.kind the store: `local`, `s3` or `cloudinary`
 * @param options.mebibytes of each upload
 */
export async function measureUpload(options: { kind: string; mebibytes: number }): Promise<UploadFigures[]> {
  const { kind, mebibytes } = options
  const store = await openStore(kind)
  const data = await mkdtemp(join(tmpdir(), 'lectern-bench-'))
  const port = await freePort()
  const server = await startServer({ data, port, env: { MEDIA_STORE: kind, ...store.env } })
  try {
    const person = {
      email: 'b@example.org',
      password: 'a long password',
      name: 'Bench',
      role: 'instructor',
    }
    const { body } = await server.client.post('/api/auth/register', person)
    const by = { port, authorization: `Bearer ${body.accessToken}` }
    const { pid } = server.process
    const before = await residentMb(pid)
    const figures: UploadFigures[] = []
    for (const [name, how] of [
      ['as a form, the first upload', asForm],
      ['by tus, in one part', byTus],
      ['as a form', asForm],
    ] as const) {
      const { id, seconds, most } = await watch(pid, () => how(by, mebibytes * 1024 ** 2))
      figures.push({ name, megabytesPerSecond: (mebibytes * 1024 ** 2) / 1e6 / seconds, before, most })
      await server.client.as(body.accessToken).delete(`/api/media/${id}`)
    }
    return figures
  } finally {
    await server.stop()
    await store.close()
    await rm(data, { recursive: true, force: true })
  }
}

/** One that listens on the loopback, and how a server is told of it. */
async function openStore(kind: string): Promise<{ env: Record<string, string>; close: () => Promise<void> }> {
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

async function watch(pid: number | undefined, work: () => Promise<string>) {
  let most = await residentMb(pid)
  const sampler = setInterval(async () => {
    most = Math.max(most, await residentMb(pid))
  }, 20)
  const started = performance.now()
  const id = await work()
  const seconds = (performance.now() - started) / 1_000
  clearInterval(sampler)
  return { id, seconds, most }
}

/** A film as far as its first bytes tell: its index is missing, which is found at its end, and changes nothing here. */
function* film(size: number): Generator<Buffer> {
  const first = Buffer.from(chunk)
  first.write('\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41', 0, 'latin1')
  // A box as long as the rest (ISO/IEC 14496-12, section 4.2: a size of 0).
  first.write('\0\0\0\0mdat', 32, 'latin1')
  for (let sent = 0; sent < size; sent += chunk.length) yield sent === 0 ? first : chunk
}

async function asForm(by: Uploader, size: number): Promise<string> {
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
  const { text } = await ask(by, 'POST', '/api/media', headers, form())
  return JSON.parse(text).id
}

async function byTus(by: Uploader, size: number): Promise<string> {
  const tus = { 'tus-resumable': '1.0.0' }
  const { location } = await ask(by, 'POST', '/api/media/uploads', { ...tus, 'upload-length': size }, [])
  const part = {
    ...tus,
    'upload-offset': 0,
    'content-type': 'application/offset+octet-stream',
    'content-length': size,
  }
  await ask(by, 'PATCH', location, part, film(size))
  return location.split('/').at(-1) ?? ''
}

async function ask(
  { port, authorization }: Uploader,
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

/** `node bench/upload.ts [local|s3|cloudinary] [MiB]`: 2 GiB to the local store, if nothing else is said. */
if (import.meta.main) {
  const [kind = 'local', size = '2048'] = process.argv.slice(2)
  for (const { name, megabytesPerSecond, before, most } of await measureUpload({
    kind,
    mebibytes: Number(size),
  }))
    say(
      `${kind}, ${size} MiB ${name}: ${Math.round(megabytesPerSecond)} MB/s; memory ${Math.round(before)} MiB before, ` +
        `${Math.round(most)} MiB at most: +${Math.round(most - before)} MiB`,
    )
}
