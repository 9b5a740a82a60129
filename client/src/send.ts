import type { CallOptions } from './call.ts'
import type { Clock } from './clock.ts'
import { errorOf, LecternError } from './errors.ts'

/** One request, as the table and the arguments make it. */
export interface Prepared {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: BodyInit | null
  /** Whether doing it twice is doing it once. */
  readonly repeatable: boolean
  readonly credentials: RequestCredentials
  readonly csv: boolean
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
  const retries = prepared.repeatable ? (options.retries ?? usualRetries) : 0
  let token = (await bearers?.token()) ?? null
  let replaced = false
  for (let attempt = 0; ; ) {
    const outcome = await sendOnce(transport, prepared, token, options)
    if (!(outcome instanceof LecternError)) return outcome.data
    if (bearers && !replaced && outcome.code === 'unauthenticated') {
      replaced = true
      const other = await bearers.replace(token)
      if (other === null) throw outcome
      token = other
      continue
    }
    const waitMs = waitBefore(outcome, attempt)
    if (attempt++ >= retries || waitMs === null) throw outcome
    await wait(clock, waitMs, options.signal)
    // It may have been a while.
    if (bearers) token = await bearers.token()
  }
}

/** Doubling, with a part of chance so that many clients do not come back at once; at least what the server asks for. */
function waitBefore(error: LecternError, attempt: number): number | null {
  const passes =
    error.code === 'network_failed' || error.code === 'timed_out' || passing.includes(error.status)
  const asked = (error.retryAfterSeconds ?? 0) * 1_000
  if (!passes || asked > longestWaitMs) return null
  return Math.max(asked, 300 * 2 ** attempt * (0.5 + Math.random()))
}

function wait(clock: Clock, ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const give = () => {
      callOff()
      reject(aborted(signal))
    }
    const callOff = clock.after(ms, () => {
      signal?.removeEventListener('abort', give)
      resolve()
    })
    signal?.addEventListener('abort', give, { once: true })
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
    return response.ok ? { data: said } : errorOf(response, said)
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

async function read(response: Response, { csv }: Prepared): Promise<unknown> {
  const type = response.headers.get('content-type') ?? ''
  if (/json/.test(type)) {
    const text = await response.text()
    try {
      return text ? JSON.parse(text) : undefined
    } catch (cause) {
      throw new LecternError('unexpected_answer', 'The answer is cut off.', {
        status: response.status,
        cause,
      })
    }
  }
  if (!response.ok || response.status === 204 || response.headers.get('content-length') === '0')
    return undefined
  return csv ? response.text() : response.blob()
}
