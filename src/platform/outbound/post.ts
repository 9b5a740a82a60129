import { type LookupAddress, lookup as lookupName } from 'node:dns'
import http from 'node:http'
import https from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { isReachable, type Reach } from './address-rules.ts'
import { hostOf } from './url-rules.ts'

/** What became of a request. `status` is null where no answer came, and then `error` says why. */
export interface PostOutcome {
  readonly status: number | null
  /** For people; null where there is an answer. */
  readonly error: string | null
  /** The beginning of the answer's body. */
  readonly answer: Buffer
  readonly retryAfter: string | null
  readonly durationMs: number
}

export interface PostLimits extends Reach {
  /** For all of it: the name, the connection, the answer. */
  readonly timeoutMs: number
  /** How much of the answer is read; the connection is closed then. */
  readonly answerBytes: number
  /** Finds the addresses of a name: that of the system, if not said. */
  readonly lookup?: typeof lookupName
}

/**
 * Posts to an address that somebody else thought up, and follows no redirect. Each address that its name stands for is judged at the
 * very moment it is connected to, so that a name cannot stand for another one by then (DNS rebinding; OWASP, "Server Side Request
 * Forgery Prevention"). Each request has a connection of its own, for one that is kept would not be judged again.
 * Never throws: what goes wrong is the outcome.
 */
export function postOutside(
  request: { url: string; headers: Readonly<Record<string, string>>; body: Buffer },
  limits: PostLimits,
): Promise<PostOutcome> {
  const began = performance.now()
  const url = new URL(request.url)
  const { promise, resolve } = Promise.withResolvers<PostOutcome>()
  const chunks: Buffer[] = []
  let answered: http.IncomingMessage | null = null
  const end = (error: string) =>
    resolve({
      // Where the answer was given with its status, it changes nothing that the rest of it is cut off, or never ends.
      status: answered?.statusCode ?? null,
      error: answered ? null : error,
      answer: Buffer.concat(chunks).subarray(0, limits.answerBytes),
      retryAfter: answered?.headers['retry-after'] ?? null,
      durationMs: Math.round(performance.now() - began),
    })
  const host = hostOf(url)
  if (isIP(host) !== 0 && !isReachable(host, limits)) {
    end(notPublic(host))
    return promise
  }
  const asked = (url.protocol === 'https:' ? https : http).request(url, {
    method: 'POST',
    headers: { ...request.headers, 'content-length': request.body.length },
    agent: false,
    lookup: judgedLookup(limits),
    signal: AbortSignal.timeout(limits.timeoutMs),
  })
  asked.on('response', (response) => {
    answered = response
    let bytes = 0
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes >= limits.answerBytes) asked.destroy()
    })
    response.on('error', () => undefined)
    response.on('close', () => end(''))
  })
  // 101 with an Upgrade: without this neither an answer nor an error would ever be told.
  asked.on('upgrade', (response, socket) => {
    answered = response
    socket.destroy()
    end('')
  })
  asked.on('error', (error) => end(wordsOf(error, limits.timeoutMs)))
  asked.end(request.body)
  return promise
}

function judgedLookup({ lookup = lookupName, ...reach }: PostLimits): LookupFunction {
  return (name, options, done) => {
    lookup(name, { ...options, all: true }, (error: Error | null, found: LookupAddress[]) => {
      if (error) return done(error, '')
      const [first] = found
      const refused = found.find(({ address }) => !isReachable(address, reach))
      if (!first || refused) return done(new Error(notPublic(refused?.address ?? name)), '')
      if (options.all) return done(null, found)
      return done(null, first.address, first.family)
    })
  }
}

const notPublic = (address: string) => `${address} is not a public address.`

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'The connection was refused.',
  ECONNRESET: 'The connection was closed before there was an answer.',
  ENOTFOUND: 'The name of the host is not known.',
  EAI_AGAIN: 'The name of the host could not be looked up.',
  HPE_HEADER_OVERFLOW: 'The headers of the answer are too large.',
}

function wordsOf(error: NodeJS.ErrnoException, timeoutMs: number): string {
  if (error.name === 'AbortError' || error.name === 'TimeoutError')
    return `There was no answer within ${timeoutMs / 1_000} seconds.`
  return words[error.code ?? ''] ?? (error.message || `The request failed (${error.code}).`).slice(0, 300)
}
