import { createHash, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream, existsSync, readdirSync, rmSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import S3rver from 's3rver'
import { isSigned } from './s3-signature.ts'

export interface S3Server {
  readonly endpoint: string
  readonly bucket: string
  readonly region: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** How many bytes have been written. */
  received(): number
  /** The uploads in parts that are neither completed nor aborted. */
  unfinished(): string[]
  close(): Promise<void>
}

const bucket = 'school'
/** s3rver knows no others. */
const credentials = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' }

/**
 * An S3-speaking server on the loopback: s3rver, with what it lacks: it believes every signature of version 4, cannot abort an upload in
 * parts, answers before what it was given is written, and takes the range `bytes=0-0` for the whole.
 */
export async function startS3Server(): Promise<S3Server> {
  const directory = await mkdtemp(join(tmpdir(), 'lectern-s3-'))
  const s3rver = new S3rver({
    silent: true,
    directory,
    vhostBuckets: false,
    configureBuckets: [{ name: bucket }],
  })
  await s3rver.configureBuckets()
  let received = 0
  mendStore(s3rver.store, directory, (bytes) => {
    received += bytes
  })
  const uploads = s3rver.store.getResourcePath(bucket, undefined, 'uploads')
  const handle = s3rver.callback()
  const server = createServer((request, response) => {
    const uploadId = new URL(request.url ?? '/', 'http://s3').searchParams.get('uploadId')
    if (!isSigned(request, credentials.accessKeyId, credentials.secretAccessKey)) {
      response.writeHead(403, { 'content-type': 'application/xml', connection: 'close' })
      response.end('<Error><Code>SignatureDoesNotMatch</Code><Message>Check your key.</Message></Error>')
    } else if (request.method === 'DELETE' && uploadId !== null) {
      rmSync(join(uploads, uploadId), { recursive: true })
      response.writeHead(204).end()
    } else handle(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bucket,
    region: 'us-east-1',
    ...credentials,
    received: () => received,
    unfinished: () => (existsSync(uploads) ? readdirSync(uploads) : []),
    async close() {
      server.closeAllConnections()
      server.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

function mendStore(store: S3rver.Store, directory: string, onBytes: (bytes: number) => void): void {
  async function write(path: string, content: Readable): Promise<S3rver.Stored> {
    const temporary = join(directory, randomUUID())
    const md5 = createHash('md5')
    const file = createWriteStream(temporary)
    await pipeline(
      content,
      async function* (chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          md5.update(chunk)
          onBytes(chunk.length)
          yield chunk
        }
      },
      file,
    )
    await mkdir(dirname(path), { recursive: true })
    await rename(temporary, path)
    return { size: file.bytesWritten, md5: md5.digest('hex') }
  }
  store.putObject = async ({ bucket, key, content, metadata }) => {
    const stored = await write(store.getResourcePath(bucket, key, 'object'), content)
    await store.putMetadata(bucket, key, metadata, stored.md5)
    return stored
  }
  store.putPart = (bucket, uploadId, part, content) =>
    write(join(store.getResourcePath(bucket, undefined, 'uploads'), uploadId, part), content)
  const getObject = store.getObject.bind(store)
  // It asks whether there is an end by asking whether the end is true: an object is.
  store.getObject = (bucket, key, options) =>
    getObject(bucket, key, options?.end === 0 ? { ...options, end: Object(0) } : options)
}
