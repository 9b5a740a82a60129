import { hash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

export interface FakeCloudinary {
  /** CLOUDINARY_URL for it; with another secret, of somebody who guesses. */
  url(secret?: string): string
  received(): number
  /** What is kept: `raw/documents/a.pdf`, `video/films/a~mp4`. */
  names(): string[]
  /** The Content-Range headers of the uploads in parts, in their order. */
  readonly ranges: readonly string[]
  close(): Promise<void>
}

interface Kept {
  readonly bytes: Buffer
  readonly version: number
  readonly context: string
}
interface Answer {
  readonly status: number
  readonly body: Buffer | Record<string, unknown>
  readonly headers?: Record<string, string>
}

const cloud = 'school'
const key = '271828182845904'
const secret = 'only-the-school-knows-it'
const leastPart = 5_000_000
const lifetimeSeconds = 3_600

/**
 * Cloudinary on the loopback, as far as the store uses it: the upload API (upload, also in parts, explicit, destroy), signed downloads and signed
 * delivery. It refuses what its documents say is refused: a signature over other parameters, one older than an hour, a
 * part that is too small or out of its place, an empty file (cloudinary.com/documentation/authentication_signatures,
 * …/upload_parameters, …/control_access_to_media).
 */
export async function startFakeCloudinary(): Promise<FakeCloudinary> {
  const kept = new Map<string, Kept>()
  const pending = new Map<string, Buffer[]>()
  const ranges: string[] = []
  let received = 0
  let version = 1_700_000_000

  async function answer(request: IncomingMessage): Promise<Answer> {
    const url = new URL(request.url ?? '/', 'http://cloudinary')
    const api = /^\/v1_1\/school\/(image|video|raw)\/(upload|explicit|destroy|download)$/.exec(url.pathname)
    if (!api) return deliver(url, request)
    const [, kind = '', action] = api
    const { parameters, file } = await read(request, url)
    const fault = faultOf(parameters)
    if (fault !== null) return failure(401, fault)
    const name = `${kind}/${parameters.public_id}`
    const known = kept.get(name)
    if (action === 'upload') return keep(request, { name, kind, parameters, file })
    if (action === 'destroy') return { status: 200, body: { result: kept.delete(name) ? 'ok' : 'not found' } }
    if (!known || parameters.type !== 'authenticated') return failure(404, 'Resource not found')
    if (action === 'explicit') return { status: 200, body: describe(name, known) }
    if (Number(parameters.expires_at) < nowSeconds()) return failure(401, 'Download has expired')
    const disposition = parameters.attachment === 'true' ? 'attachment' : 'inline'
    return bytesOf(known, request, {
      'content-disposition': `${disposition}; filename="${parameters.target_filename ?? ''}"`,
    })
  }

  function keep(
    request: IncomingMessage,
    {
      name,
      parameters,
      file,
    }: { name: string; kind: string; parameters: Record<string, string>; file: Buffer | null },
  ): Answer {
    if (!file || file.length === 0) return failure(400, 'Empty file')
    received += file.length
    const range = /^bytes (\d+)-(\d+)\/(-1|\d+)$/.exec(request.headers['content-range'] ?? '')
    let bytes = file
    if (range) {
      ranges.push(range[0])
      const id = String(request.headers['x-unique-upload-id'])
      const parts = pending.get(id) ?? []
      const before = parts.reduce((sum, part) => sum + part.length, 0)
      const [start, end, total] = [Number(range[1]), Number(range[2]), Number(range[3])]
      if (start !== before || end - start + 1 !== file.length) return failure(400, 'Part out of place')
      if (total === -1 && file.length < leastPart)
        return failure(400, 'All parts except EOF-chunk must be larger than 5mb')
      pending.set(id, [...parts, file])
      if (total === -1) return { status: 200, body: { done: false } }
      bytes = Buffer.concat([...parts, file])
      if (bytes.length !== total) return failure(400, 'Parts are missing')
      pending.delete(id)
    }
    version += 1
    const stored = { bytes, version, context: parameters.context ?? '' }
    kept.set(name, stored)
    return { status: 200, body: describe(name, stored) }
  }

  function deliver(url: URL, request: IncomingMessage): Answer {
    const match = /^\/school\/(image|video|raw)\/authenticated\/s--([\w-]{8})--\/v(\d+)\/(.+)$/.exec(
      url.pathname,
    )
    const [, kind, signature, asked, source = ''] = match ?? []
    const expected = hash('sha1', `${source}${secret}`, 'base64')
      .slice(0, 8)
      .replaceAll('/', '_')
      .replaceAll('+', '-')
    if (signature !== expected) return failure(401, 'Signature mismatch')
    const known = kept.get(`${kind}/${decodeURIComponent(source)}`)
    if (!known || String(known.version) !== asked) return failure(404, 'Resource not found')
    return bytesOf(known, request, {})
  }

  const server = createServer((request, response) => {
    answer(request).then(
      ({ status, body, headers }) => {
        response.writeHead(status, { connection: 'close', ...headers })
        response.end(Buffer.isBuffer(body) ? body : JSON.stringify(body))
      },
      (error: Error) => response.writeHead(500).end(error.message),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: (said = secret) => `cloudinary://${key}:${said}@${cloud}?upload_prefix=http://${host}&cname=${host}`,
    received: () => received,
    names: () => [...kept.keys()].sort(),
    ranges,
    async close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

interface Sent {
  readonly parameters: Record<string, string>
  readonly file: Buffer | null
}

/** The fields of the form and its file, or the query. */
async function read(request: IncomingMessage, url: URL): Promise<Sent> {
  if (request.method !== 'POST') return { parameters: Object.fromEntries(url.searchParams), file: null }
  const headers = { 'content-type': request.headers['content-type'] ?? '' }
  const form = await new Response(await buffer(request), { headers }).formData()
  const parameters: Record<string, string> = {}
  let file: Buffer | null = null
  for (const [name, value] of form) {
    if (typeof value === 'string') parameters[name] = value
    else file = Buffer.from(await value.arrayBuffer())
  }
  return { parameters, file }
}

/** All parameters but these four, in alphabetical order, joined, and the secret behind them; `&` in a value is %26. */
function faultOf({ signature, ...parameters }: Record<string, string>): string | null {
  const unsigned = new Set(['api_key', 'cloud_name', 'resource_type', 'file'])
  const toSign = Object.entries(parameters)
    .filter(([name]) => !unsigned.has(name))
    .map(([name, value]) => `${name}=${value}`.replaceAll('&', '%26'))
    .sort()
    .join('&')
  if (parameters.api_key !== key) return 'Invalid api_key'
  if (signature !== hash('sha1', `${toSign}${secret}`))
    return `Invalid Signature ${signature}. String to sign - '${toSign}'`
  const age = nowSeconds() - Number(parameters.timestamp)
  if (!(Math.abs(age) <= lifetimeSeconds)) return 'Stale request'
  return null
}

function describe(name: string, { bytes, version, context }: Kept): Record<string, unknown> {
  const custom = Object.fromEntries(
    context
      .split(/(?<!\\)\|/)
      .map((pair) => pair.split(/(?<!\\)=/).map((text) => text.replaceAll(/\\([=|])/g, '$1'))),
  )
  return {
    public_id: name.slice(name.indexOf('/') + 1),
    version,
    bytes: bytes.length,
    type: 'authenticated',
    context: { custom },
  }
}

function bytesOf({ bytes }: Kept, request: IncomingMessage, headers: Record<string, string>): Answer {
  const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '')
  if (!range) return { status: 200, body: bytes, headers }
  const part = bytes.subarray(Number(range[1]), Number(range[2]) + 1)
  const contentRange = `bytes ${range[1]}-${Number(range[1]) + part.length - 1}/${bytes.length}`
  return { status: 206, body: part, headers: { ...headers, 'content-range': contentRange } }
}

function failure(status: number, message: string): Answer {
  return { status, body: { error: { message } } }
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1000)
}
