import type { Socket } from 'node:net'
import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify'
import { newId } from '../ids.ts'
import type { App } from './app.ts'
import { badField, refuse, unsupportedMedia } from './refusal.ts'

/** Answers what is no HTTP at all, before there is a request: as a problem document, like everything else. */
export function answerBrokenRequest(
  this: FastifyInstance,
  error: Error & { code?: string },
  socket: Socket,
): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return
  const tooLarge = error.code === 'HPE_HEADER_OVERFLOW'
  const status = tooLarge ? 431 : 400
  const requestId = newId()
  const body = JSON.stringify({
    type: 'about:blank',
    title: tooLarge ? 'The headers are too large.' : 'This is not HTTP as RFC 9112 has it.',
    status,
    code: 'validation_failed',
    detail: tooLarge ? 'The headers are too large.' : 'The request cannot be read.',
    requestId,
  })
  socket.end(
    [
      `HTTP/1.1 ${status} ${tooLarge ? 'Request Header Fields Too Large' : 'Bad Request'}`,
      'connection: close',
      'content-type: application/problem+json; charset=utf-8',
      `content-length: ${Buffer.byteLength(body)}`,
      `x-request-id: ${requestId}`,
      '',
      body,
    ].join('\r\n'),
  )
}

/** Bodies: JSON in UTF-8, uncompressed; an empty one counts as none, since many clients send the header always. */
export function readBodies(app: App): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeContentTypeParser(['application/json', 'text/plain'])
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined)
    else parse(request, body as string, done)
  })
  app.addHook('onRequest', ({ headers }, _reply, done) => {
    const { 'content-encoding': encoding = 'identity', 'content-type': type = '' } = headers
    const charset = /charset="?([^\s;"]+)/i.exec(type)?.[1] ?? 'utf-8'
    if (encoding !== 'identity')
      throw refuse(unsupportedMedia, `Send the body as it is, not encoded as ${encoding}.`)
    if (!/^utf-?8$/i.test(charset))
      throw refuse(unsupportedMedia, `Send the body in UTF-8, not in ${charset}.`)
    done()
  })
}

/** Deeper than any schema goes; and each level costs a call. */
const deepest = 50

/**
 * Refuses text that no PostgreSQL text can hold (U+0000), or that is not Unicode at all (half of a surrogate pair), by the name of
 * its field; else it would be refused without a name, or stored as something else. And what is nested without end.
 */
export function refuseUnstorableText(
  request: FastifyRequest,
  _reply: FastifyReply,
  done: HookHandlerDoneFunction,
): void {
  for (const part of [request.body, request.query, request.params]) refuseUnstorable(part)
  done()
}

/** The same for one value, whichever way it came. */
export function refuseUnstorable(value: unknown): void {
  const path = findUnstorable(value)
  if (path !== null)
    throw badField(path, 'has a character that no text may have (U+0000, or half a surrogate pair)')
}

function findUnstorable(value: unknown, depth = 0): string | null {
  if (typeof value === 'string') return value.includes('\0') || !value.isWellFormed() ? '' : null
  if (value === null || typeof value !== 'object' || Buffer.isBuffer(value) || value instanceof Readable)
    return null
  if (depth === deepest) throw badField('', `is nested more than ${deepest} levels deep`)
  for (const name in value) {
    const found = findUnstorable((value as Record<string, unknown>)[name], depth + 1)
    if (found !== null) return `/${name}${found}`
  }
  return null
}
