import { connect } from 'node:net'

/** A request. A body is sent as JSON. */
export interface Ask {
  readonly path: string
  readonly method?: 'GET' | 'POST' | 'PUT'
  readonly bearer?: string
  readonly body?: unknown
}

export interface Measured {
  readonly perSecond: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
  /** How long it took in all. */
  readonly seconds: number
  /** Milliseconds, of each request. */
  readonly times: readonly number[]
}

/**
 * Asks one thing after another, so many at a time, each over a connection that is kept open. It speaks only as much HTTP as is needed
 * here, so that it takes little of the processor from what is measured; run it in another process than that.
 * @param options.asks what to ask; from its beginning again where it is shorter than `count`
 * @throws where an answer is not 200 or 201
 */
export async function load(options: {
  origin: string
  asks: readonly Ask[]
  count: number
  concurrency: number
}): Promise<Measured> {
  const { origin, asks, count, concurrency } = options
  const messages = asks.map((ask) => ({ ask, message: messageOf(origin, ask) }))
  const times: number[] = []
  let next = 0
  const worker = async () => {
    const line = await openLine(origin)
    try {
      while (next < count) {
        const { ask, message } = messages[next++ % messages.length] ?? fail('nothing to ask')
        const began = performance.now()
        const said = await line.say(message)
        times.push(performance.now() - began)
        requireSuccess(ask, said)
      }
    } finally {
      line.close()
    }
  }
  const began = performance.now()
  await Promise.all(Array.from({ length: concurrency }, worker))
  return summarize(times, (performance.now() - began) / 1_000)
}

/** Several measurements of one thing as one. */
export function together(parts: readonly Measured[]): Measured {
  return summarize(
    parts.flatMap(({ times }) => times),
    parts.reduce((sum, { seconds }) => sum + seconds, 0),
  )
}

export function summarize(times: readonly number[], seconds: number): Measured {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return { perSecond: times.length / seconds, p50: at(0.5), p99: at(0.99), seconds, times }
}

/** @throws where an answer is not 200 or 201 */
export function requireSuccess({ method = 'GET', path }: Ask, { status, body }: Said): void {
  if (status !== 200 && status !== 201) fail(`${status} ${method} ${path}: ${body.toString('utf8', 0, 300)}`)
}

export function messageOf(origin: string, { path, method = 'GET', bearer, body }: Ask): Buffer {
  const lines = [`${method} ${path} HTTP/1.1`, `host: ${new URL(origin).host}`]
  if (bearer) lines.push(`authorization: Bearer ${bearer}`)
  const content = body === undefined ? '' : JSON.stringify(body)
  if (content) lines.push('content-type: application/json')
  if (method !== 'GET') lines.push(`content-length: ${Buffer.byteLength(content)}`)
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${content}`)
}

export interface Said {
  readonly status: number
  readonly body: Buffer
}

/** One connection, on which one answer is awaited at a time (RFC 9112; answers with a content-length only). */
export async function openLine(origin: string) {
  const { hostname, port } = new URL(origin)
  const socket = connect({ host: hostname, port: Number(port), noDelay: true })
  let waiting = Promise.withResolvers<Said>()
  waiting.promise.catch(() => undefined)
  let come: Buffer = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    come = come.length === 0 ? chunk : Buffer.concat([come, chunk])
    const end = come.indexOf('\r\n\r\n')
    if (end < 0) return
    const head = come.toString('latin1', 0, end)
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? Number.NaN)
    if (Number.isNaN(length)) waiting.reject(new Error(`an answer of unknown length: ${head}`))
    if (come.length < end + 4 + length) return
    const said = { status: Number(head.slice(9, 12)), body: come.subarray(end + 4) }
    come = Buffer.alloc(0)
    waiting.resolve(said)
  })
  socket.on('error', (error) => waiting.reject(error))
  socket.on('close', () => waiting.reject(new Error('the server closed a connection')))
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  return {
    say(message: Buffer): Promise<Said> {
      waiting = Promise.withResolvers<Said>()
      socket.write(message)
      return waiting.promise
    },
    close: () => socket.destroy(),
  }
}

function fail(why: string): never {
  throw new Error(why)
}
