import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { sqlState } from '../database/database.ts'
import {
  type FieldFault,
  internalError,
  notFound,
  overloaded,
  Refusal,
  type RefusalDetails,
  type RefusalKind,
  rateLimited,
  refuse,
  tooLarge,
  unsupportedMedia,
  validationFailed,
} from './refusal.ts'

/** Answers any error as a problem document (RFC 9457). What we did not expect is logged, and says nothing of its cause. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const refusal = asRefusal(error)
  // What we turn away ourselves (too much to do, or not configured here) is no fault and has its line as a request: the log must not
  // grow as the load does.
  const turnedAway = error instanceof Refusal && error.kind.status === 503
  if (refusal.kind.status >= 500 && !turnedAway) request.log.error({ err: error }, 'a request failed')
  return answerRefusal(refusal, request, reply)
}

export function answerMissingRoute(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return answerRefusal(refuse(notFound, 'No such path. /docs lists those there are.'), request, reply)
}

function answerRefusal(refusal: Refusal, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { kind, details, message } = refusal
  if (details.retryAfterSeconds !== undefined)
    reply.header('retry-after', Math.max(1, Math.ceil(details.retryAfterSeconds)))
  const problem = {
    type: 'about:blank',
    ...kind,
    detail: message,
    requestId: request.id,
    errors: details.errors,
    ...details.members,
  }
  return reply
    .code(kind.status)
    .type('application/problem+json; charset=utf-8')
    .serializer((payload: unknown) => payload as string)
    .send(JSON.stringify(problem))
}

const unstorableText = new Set(['22021', '22P05'])
const busyDatabase = new Set([
  ...['53300', '57P03', '53200', '53100', '08006', '57P01'],
  // A race that was lost three times over (database.ts).
  ...['40001', '40P01'],
  // A lock, a statement or a transaction's next statement was waited for too long (patience.ts).
  ...['55P03', '57014', '25P03'],
])

/** What a client may hear of an error: a refusal as it is, anything we did not expect as a 500 that says nothing. */
export function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  const state = sqlState(error)
  if (state && unstorableText.has(state))
    return refuse(validationFailed, 'The request has a character that no text may have (U+0000).')
  if (state && busyDatabase.has(state)) return refuse(overloaded, overloaded.title, { retryAfterSeconds: 1 })
  if (isLostDatabase(error)) return refuse(overloaded, overloaded.title, { retryAfterSeconds: 1 })
  if (isHttpError(error)) return fromFastify(error)
  return refuse(internalError)
}

const lostConnection = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT'])
// node-postgres has no codes for these (pg-pool/index.js, pg/lib/client.js).
const lostMessages =
  /^(timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error|Client was closed|Query read timeout)/

/** The pool is exhausted, or the database went away in the midst of it. */
function isLostDatabase(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return lostConnection.has(code) || lostMessages.test(error.message)
}

function isHttpError(error: unknown): error is FastifyError {
  return error instanceof Error && ('statusCode' in error || 'validation' in error)
}

function fromFastify(error: FastifyError): Refusal {
  if (error.validation) return refuseFaults(error.validation)
  const kind = kindOf(error.statusCode ?? 500)
  if (kind === internalError) return refuse(internalError)
  const details: RefusalDetails =
    kind === validationFailed ? { errors: [{ path: '', message: error.message }] } : {}
  return refuse(kind, error.message, details)
}

function kindOf(status: number): RefusalKind {
  if (status === 404) return notFound
  if (status === 413) return tooLarge
  if (status === 415) return unsupportedMedia
  if (status === 429) return rateLimited
  if (status === 503) return overloaded
  return status >= 400 && status < 500 ? validationFailed : internalError
}

/** So many faults are listed, and so many characters said of the name of a field that we do not know. */
const mostFaults = 100
const mostOfAName = 200

/** The refusal of what is not as its schema says, whichever way it came: each fault by its field. */
export function refuseFaults(validation: NonNullable<FastifyError['validation']>): Refusal {
  const found = faultsOf(validation)
  const errors = found.slice(0, mostFaults)
  const more = found.length - errors.length
  const told = errors.map(({ path, message }) => `${path} ${message}`)
  return refuse(validationFailed, [...told, ...(more > 0 ? [`and ${more} more`] : [])].join('; '), { errors })
}

/** Where a field may be one of several things, what is wrong with the thing itself; not that it is none of them, nor null. */
function faultsOf(validation: NonNullable<FastifyError['validation']>): FieldFault[] {
  const telling = validation.filter(
    ({ keyword, params }) => keyword !== 'anyOf' && !(keyword === 'type' && params.type === 'null'),
  )
  return (telling.length > 0 ? telling : validation).map(faultOf)
}

function faultOf(fault: NonNullable<FastifyError['validation']>[number]): FieldFault {
  const { params, keyword, instancePath } = fault
  const named = params.additionalProperty ?? params.missingProperty
  const path = typeof named === 'string' ? `${instancePath}/${named.slice(0, mostOfAName)}` : instancePath
  if (keyword === 'additionalProperties') return { path, message: 'is not a known field' }
  if (keyword === 'required') return { path, message: 'is required' }
  if (keyword === 'enum') {
    return {
      path,
      message: `must be one of ${(params.allowedValues as unknown[]).map(String).join(', ')}`,
    }
  }
  return { path, message: fault.message ?? 'is wrong' }
}
