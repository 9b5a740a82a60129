import { hash } from 'node:crypto'
import type { DoneFuncWithErrOrRes, FastifyReply, FastifyRequest } from 'fastify'

/** The ETag of a representation: strong and beginning with the version where one was said, else weak. */
export function tagOf(payload: string | Buffer, version: unknown): string {
  const digest = hash('sha1', payload, 'base64url')
  return typeof version === 'string' ? `${version.slice(0, -1)}-${digest}"` : `W/"${digest}"`
}

/**
 * Says which version of a resource an answer shows. A GET's entity tag then is a strong one that begins with it, and can be sent back
 * as `If-Match` (see `requireVersion`).
 */
export function tagVersion(reply: FastifyReply, version: number): void {
  reply.header('etag', `"${version}"`)
}

/**
 * Answers a GET, or HEAD, of a public resource with an ETag, weak unless it names a version, and with 304 where the client has that very
 * representation (RFC 9110, sections 8.8.3 and 13.1.2). Bytes have the tag that whoever made them has said. What only somebody signed in
 * may have is kept by no cache, not even the browser's own, unless its route says otherwise (RFC 9111, section 5.2.2.5).
 */
export function sayWhatMayBeKept(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  done: DoneFuncWithErrOrRes,
): void {
  done(null, toSend(request, reply, payload))
}

/** The payload, or null where the client has it. */
function toSend(request: FastifyRequest, reply: FastifyReply, payload: unknown): unknown {
  const isPublic = request.routeOptions.config.policy?.token !== 'required'
  if (!isPublic && !reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
  const isHead = request.method === 'HEAD'
  const reads = isHead || request.method === 'GET'
  if (!reads || reply.statusCode !== 200 || !isPublic) return payload
  const said = reply.getHeader('etag')
  const tag = typeof payload === 'string' ? tagOf(payload, said) : Buffer.isBuffer(payload) ? said : undefined
  if (typeof tag !== 'string') return payload
  reply.header('etag', tag)
  if (!reply.hasHeader('cache-control'))
    reply.header('cache-control', request.actor ? 'private, no-cache' : 'no-cache')
  const vary = reply.getHeader('vary')
  reply.header('vary', vary ? `${vary}, Authorization` : 'Authorization')
  if (!isKnown(request.headers['if-none-match'], tag)) return payload
  reply.code(304).removeHeader('content-length')
  // Fastify measures what a HEAD would have sent, and drops it.
  return isHead ? payload : null
}

/** Whether an If-None-Match header names this tag, compared weakly (RFC 9110, section 13.1.2). */
export function isKnown(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false
  const opaque = tag.replace(/^W\//, '')
  return header.split(',').some((candidate) => {
    const given = candidate.trim()
    return given === '*' || given.replace(/^W\//, '') === opaque
  })
}
