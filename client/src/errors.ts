import type { ServerCode } from './generated/codes.ts'

/**
 * What goes wrong on this side of the server's answer: `network_failed` (no answer came), `timed_out`, `aborted` (by the caller's signal),
 * `unexpected_answer` (what answered does not speak Lectern's protocol: a proxy, or another address), `device_failed` (what the app gave the
 * client, its `storage` or `bearer`, threw: see `cause`).
 */
export type ClientCode = 'network_failed' | 'timed_out' | 'aborted' | 'unexpected_answer' | 'device_failed'

/** Every code that an error can have; a newer server may have more. */
export type ErrorCode = ServerCode | ClientCode

/** A field that was not accepted. */
export interface FieldError {
  /** Where it is in what was sent: `/title`. */
  readonly path: string
  readonly message: string
}

/** The problem document of the server (RFC 9457); some problems have more members, such as `missing`. */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly requestId: string
  readonly errors?: readonly FieldError[]
  readonly [member: string]: unknown
}

/**
 * Why a request was not done. Go by `code`, show `message`.
 * Thrown by what is awaited, and the `error` of what `.safe()` gives.
 */
export class LecternError<Code extends string = ErrorCode> extends Error {
  override readonly name = 'LecternError'
  readonly code: Code
  /** Of the answer; 0 where none came. */
  readonly status: number
  /** The fields that were not accepted; empty for anything but `validation_failed`. */
  readonly errors: readonly FieldError[]
  /** How long to wait before asking again, where the server said so. */
  readonly retryAfterSeconds: number | undefined
  /** For the operator. */
  readonly requestId: string | undefined
  /** All that the server said; null where it said nothing. */
  readonly problem: Problem | null

  constructor(
    code: Code,
    message: string,
    said: {
      readonly status?: number
      readonly problem?: Problem
      readonly errors?: readonly FieldError[] | undefined
      readonly retryAfterSeconds?: number | undefined
      readonly requestId?: string | undefined
      readonly cause?: unknown
    } = {},
  ) {
    super(message, said.cause === undefined ? undefined : { cause: said.cause })
    this.code = code
    this.status = said.status ?? 0
    this.problem = said.problem ?? null
    this.errors = said.errors ?? said.problem?.errors ?? []
    this.retryAfterSeconds = said.retryAfterSeconds
    this.requestId = said.requestId ?? said.problem?.requestId
  }
}

/** An answer, whoever has fetched it. */
export interface Answered {
  readonly status: number
  /** By its name in lower case; null where it is not there. */
  readonly header: (name: string) => string | null
}

/** What answers is not Lectern. */
export const unexpected = (message: string, status = 0, cause?: unknown): LecternError =>
  new LecternError('unexpected_answer', message, { status, cause })

/**
 * The error of an answer that refuses.
 * @param body what its body was read as: a problem document, or anything else
 */
export function errorOf({ status, header }: Answered, body: unknown): LecternError {
  const retryAfterSeconds = readRetryAfter(header('retry-after'))
  const requestId = header('x-request-id') ?? undefined
  const problem = /problem\+json/.test(header('content-type') ?? '') && isProblem(body) ? body : undefined
  if (!problem)
    return new LecternError('unexpected_answer', `The answer was ${status}, without a reason.`, {
      status,
      retryAfterSeconds,
      requestId,
    })
  return new LecternError(problem.code as ErrorCode, problem.detail || problem.title, {
    status,
    problem,
    retryAfterSeconds,
  })
}

/** `Retry-After` (RFC 9110, section 10.2.3) in seconds: they or a date. */
function readRetryAfter(header: string | null): number | undefined {
  if (header === null) return undefined
  const seconds = /^\d+(\.\d+)?$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1_000
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds)
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'code' in body && typeof body.code === 'string'
}
