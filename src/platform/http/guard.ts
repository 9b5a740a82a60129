import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import type { Actor, Cause } from '../actor.ts'
import type { Cache } from '../cache/cache.ts'
import type { Clock } from '../clock.ts'
import type { Policy } from './policy.ts'
import { networkOf } from './rate-limits.ts'
import { forbidden, rateLimited, refuse, unauthenticated } from './refusal.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    policy?: Policy
  }
  interface FastifyRequest {
    actor: Actor | null
  }
}

/** Finds out whose bearer this is; null where it is not, or no longer, valid. */
export type Authenticate = (bearer: string, at: Date) => Promise<Actor | null>

/** Puts the guard in front of a route by its declared policy; a route without one does not start. */
export function guardRoute(
  route: RouteOptions,
  { authenticate, clock, cache }: { authenticate: Authenticate; clock: Clock; cache: Cache },
): void {
  const policy = route.config?.policy
  if (!policy)
    throw new Error(`${route.method} ${route.url} declares no policy: say who may use it (config.policy).`)
  if (policy.token === 'none') return
  const guard = async (request: FastifyRequest, _reply: FastifyReply) => {
    const bearer = readBearer(request)
    const actor = bearer === null ? null : await authenticate(bearer, clock.now())
    if (bearer === null && policy.token === 'optional') return
    if (!actor) {
      if (bearer !== null) await limitGuesses(cache, networkOf(request.ip))
      throw refuse(unauthenticated)
    }
    if (policy.roles && !policy.roles.includes(actor.role))
      throw refuse(forbidden, `This is for: ${policy.roles.join(', ')}.`)
    request.actor = { ...actor, request: { id: request.id, address: request.ip } }
  }
  route.onRequest = [...[route.onRequest ?? []].flat(), guard]
}

const badBearersPerMinute = 300

/** Requests that the guard turns away reach no other limit. */
async function limitGuesses(cache: Cache, address: string): Promise<void> {
  // Without its counters the service goes on, unlimited, rather than not at all.
  const window = await cache.increment(`bad-bearer:${address}`, 60).catch(() => null)
  if (window && window.count > badBearersPerMinute) {
    throw refuse(rateLimited, 'Too many bearers that are not valid. Sign in again.', {
      retryAfterSeconds: window.resetSeconds,
    })
  }
}

/** The bearer of the Authorization header (RFC 6750, section 2.1), or null. */
export function readBearer(request: FastifyRequest): string | null {
  const header = request.headers.authorization
  if (header === undefined) return null
  const match = /^Bearer +([\w.~+/-]+=*)$/i.exec(header)
  return match?.[1] ?? ''
}

/** Who makes this request, on a route whose policy requires a token. */
export function actorOf(request: FastifyRequest): Actor {
  if (!request.actor) throw refuse(unauthenticated)
  return request.actor
}

/** The cause of what a public route does: a stranger, now. */
export function stranger(clock: Clock): Cause {
  return { userId: null, at: clock.now() }
}
