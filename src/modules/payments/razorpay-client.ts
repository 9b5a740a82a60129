import { createRequire } from 'node:module'
import type Razorpay from 'razorpay'

const defaultBase = 'https://api.razorpay.com'
/** The SDK is loaded with the gateway, not with the program: who does not use it saves its time and memory. */
const load = createRequire(import.meta.url)

/** The part of axios's instance inside the SDK that is set up here; the SDK has no options for it. */
interface Transport {
  readonly defaults: { baseURL: string; timeout: number }
  readonly interceptors: {
    readonly request: { use(prepare: (request: TransportRequest) => TransportRequest): void }
    readonly response: { use(pass: undefined, explain: (error: TransportError) => never): void }
  }
}
interface TransportRequest {
  readonly url?: string
  readonly data?: { readonly receipt?: unknown }
  readonly headers: { set(name: string, value: string): void }
}
interface TransportError {
  readonly code?: string
  response?: unknown
}

/** What the SDK throws. */
export interface RazorpayFailure {
  /** 0: there was no answer. */
  readonly statusCode?: number
  readonly error?: {
    readonly code?: string
    readonly reason?: string | null
    readonly field?: string | null
    readonly description?: string | null
  }
}

/** The official SDK, with the address, the time limit and the header that it has no option for. */
export function createRazorpayClient(settings: {
  keyId: string
  keySecret: string
  apiBase: string | null
  timeoutMs: number
}): Razorpay {
  const sdk = load('razorpay') as typeof Razorpay
  const client = new sdk({ key_id: settings.keyId, key_secret: settings.keySecret })
  const transport = (client.api as unknown as { rq: Transport }).rq
  transport.defaults.baseURL = settings.apiBase?.replace(/\/$/, '') ?? defaultBase
  transport.defaults.timeout = settings.timeoutMs
  transport.interceptors.request.use((request) => {
    // https://razorpay.com/docs/api/refunds/normal-refunds-idempotent: at least 10 letters, digits, hyphens, underscores
    const receipt = request.data?.receipt
    if (request.url?.endsWith('/refund') && typeof receipt === 'string')
      request.headers.set('X-Refund-Idempotency', receipt)
    return request
  })
  transport.interceptors.response.use(undefined, (error) => {
    // without an answer the SDK reads on in one that is not there, and the cause would be lost
    error.response ??= { status: 0, data: { error: { code: error.code } } }
    throw error
  })
  return client
}
