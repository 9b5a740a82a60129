import type { CallOptions } from './call.ts'
import { claimsOf } from './claims.ts'
import type { Clock } from './clock.ts'
import { errorOf, LecternError, unexpected } from './errors.ts'
import type { Operation } from './operation.ts'

/** One request, as the table and the arguments make it. */
export interface Prepared {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: BodyInit | null
  /** Whether doing it twice is doing it once. */
  readonly repeatable: boolean
  readonly credentials: RequestCredentials
  readonly answer: Operation['answer']
  readonly timeoutMs: number
}

type BodyInit = NonNullable<NonNullable<Parameters<typeof fetch>[1]>['body']>
type RequestCredentials = 'include' | 'same-origin'

/** Who a request is sent for, and what is done where the server does not believe it. */
export interface Bearers {
  token(): Promise<string | null>
  /** Another token than that which was refused, or null where there is none to be had. */
  replace(refused: string | null): Promise<string | null>
}

const usualRetries = 2
/** Who is asked to wait for longer is told so instead. */
const longestWaitMs = 30_000
/** Overload, a node that ends, a proxy without one: the request may be sent again. */
const passing = [429, 502, 503, 504]
/** Of these it is not known whether the request was done. */
const unanswered = [0, 502, 504]

export interface Transport {
  readonly fetch: typeof fetch
  readonly clock: Clock
}

/**
 * Sends a request until it is answered: again after faults of the network and refusals that pass, if it is repeatable; once more
 * with another token where the first is not believed.
 * @throws LecternError
 */
export async function send(
  transport: Transport,
  prepared: Prepared,
  bearers: Bearers | null,
  options: CallOptions,
): Promise<unknown> {
  const { clock } = transport
  const { signal } = options
  const retries = prepared.repeatable ? (options.retries ?? usualRetries) : 0
  let token = bearers && (await unlessAborted(signal, bearers.token()))
  let replaced = false
  let mayBeDone = false
  for (let attempt = 0; ; ) {
    const outcome = await sendOnce(transport, prepared, token, options)
    if (!(outcome instanceof LecternError)) return outcome.data
    if (bearers && !replaced && outcome.code === 'unauthenticated') {
      replaced = true
      const other = await unlessAborted(signal, bearers.replace(token))
      if (other === null || !isOfSame(token, other)) throw outcome
      token = other
      continue
    }
    // What was to go is gone: an earlier attempt has done it, whose answer was lost.
    if (mayBeDone && prepared.method === 'DELETE' && outcome.code === 'not_found') return undefined
    mayBeDone ||= unanswered.includes(outcome.status)
    const waitMs = waitBefore(outcome, attempt)
    if (attempt++ >= retries || waitMs === null) throw outcome
    await wait(clock, waitMs, signal)
    // It may have been a while.
    const current = bearers && (await unlessAborted(signal, bearers.token()))
    if (!isOfSame(token, current)) throw outcome
    token = current
  }
}

/** What one person has asked for is not done as another, who has signed in meanwhile; somebody may be found to be signed in already. */
const isOfSame = (before: string | null, now: string | null): boolean =>
  before === null || (now !== null && claimsOf(before).sub === claimsOf(now).sub)

/** Doubling, with a part of chance so that many clients do not come back at once; at least what the server asks for. */
function waitBefore(error: LecternError, attempt: number): number | null {
  const passes =
    error.code === 'network_failed' || error.code === 'timed_out' || passing.includes(error.status)
  const asked = (error.retryAfterSeconds ?? 0) * 1_000
  if (!passes || asked > longestWaitMs) return null
  return Math.max(asked, 300 * 2 ** attempt * (0.5 + Math.random()))
}

function wait(clock: Clock, ms: number, signal: AbortSignal | undefined): Promise<void> {
  let callOff: () => void = () => undefined
  const over = new Promise<void>((resolve) => {
    callOff = clock.after(ms, resolve)
  })
  return unlessAborted(signal, over).finally(callOff)
}

/** Waits for something that goes on for others, such as a renewal, where this one gives up. */
export function unlessAborted<T>(signal: AbortSignal | undefined, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const give = () => reject(aborted(signal))
    if (signal?.aborted) give()
    signal?.addEventListener('abort', give, { once: true })
    work.then(resolve, reject).finally(() => signal?.removeEventListener('abort', give))
  })
}

const aborted = (signal: AbortSignal | undefined) =>
  new LecternError('aborted', 'The request was given up.', { cause: signal?.reason })

async function sendOnce(
  { fetch, clock }: Transport,
  prepared: Prepared,
  token: string | null,
  { signal, headers }: CallOptions,
): Promise<{ readonly data: unknown } | LecternError> {
  const { method, url, body, credentials, timeoutMs } = prepared
  if (signal?.aborted) return aborted(signal)
  const control = new AbortController()
  const abort = () => control.abort()
  signal?.addEventListener('abort', abort, { once: true })
  let late = false
  const callOff = timeoutMs
    ? clock.after(timeoutMs, () => {
        late = true
        abort()
      })
    : () => undefined
  try {
    const bearer: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` }
    const response = await fetch(url, {
      method,
      headers: { ...prepared.headers, ...bearer, ...headers },
      credentials,
      signal: control.signal,
      ...(body === null ? {} : { body }),
    })
    const said = await read(response, prepared)
    const { status, headers: fields } = response
    return response.ok ? { data: said } : errorOf({ status, header: (name) => fields.get(name) }, said)
  } catch (cause) {
    if (signal?.aborted) return aborted(signal)
    if (late) return new LecternError('timed_out', `No answer came in ${timeoutMs / 1_000} s.`, { cause })
    if (cause instanceof LecternError) return cause
    return new LecternError('network_failed', 'The server cannot be reached.', { cause })
  } finally {
    callOff()
    signal?.removeEventListener('abort', abort)
  }
}

/** @throws LecternError where it is not what Lectern answers here, but the page of a proxy, or of another service */
async function read(response: Response, { answer }: Prepared): Promise<unknown> {
  const type = response.headers.get('content-type') ?? ''
  const isJson = /json/.test(type)
  if (!response.ok) return isJson ? readJson(response) : undefined
  if (response.status === 204 || (answer === 'nothing' && type === '')) return undefined
  if (answer === 'json' && isJson) return readJson(response)
  if (answer === 'csv' && /csv/.test(type)) return response.text()
  // A file may be of any kind but a page: those are never given away.
  if (answer === 'file' && !/html/.test(type)) return response.blob()
  throw unexpected(`What answers is not Lectern: it gives ${type || 'nothing'}.`, response.status)
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text()
  try {
    const said: unknown = JSON.parse(text)
    if (typeof said === 'object' && said !== null) return said
  } catch {}
  throw unexpected('The answer is cut off, or not of Lectern.', response.status)
}
