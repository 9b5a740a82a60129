import rateLimit, { type FastifyRateLimitStore } from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Cache } from '../cache/cache.ts'
import { rateLimited, refuse } from './refusal.ts'

const perMinute = 1_200

/** Requests per minute of one person, or of one address where nobody is signed in; stricter ones stand at their routes. */
export async function limitRates(app: FastifyInstance, cache: Cache): Promise<void> {
  class CountersInCache implements FastifyRateLimitStore {
    incr(key: string, callback: Parameters<FastifyRateLimitStore['incr']>[1], timeWindow: number): void {
      cache.increment(`rate:${key}`, timeWindow / 1_000).then(
        ({ count, resetSeconds }) => callback(null, { current: count, ttl: resetSeconds * 1_000 }),
        (error: Error) => callback(error),
      )
    }
    child(): FastifyRateLimitStore {
      return this
    }
  }
  await app.register(rateLimit, {
    // After the guard, which says whose request it is, and before the body is read.
    hook: 'preParsing',
    max: perMinute,
    timeWindow: 60_000,
    enableDraftSpec: true,
    skipOnError: true,
    store: CountersInCache,
    keyGenerator: (request) => request.actor?.userId ?? networkOf(request.ip),
    errorResponseBuilder: (_request, context) =>
      refuse(rateLimited, `Wait ${context.after}, then try again.`, {
        retryAfterSeconds: context.ttl / 1_000,
      }),
  })
}

/** A limit of its own for one route, counted per address before anything else is done: `config: { ...perAddress(30) }`. */
export function perAddress(requestsPerMinute: number) {
  return {
    rateLimit: {
      hook: 'onRequest' as const,
      max: requestsPerMinute,
      timeWindow: 60_000,
      keyGenerator: (request: FastifyRequest) => `${request.routeOptions.url} ${networkOf(request.ip)}`,
    },
  }
}

/** A limit of its own for one route, counted per person: `config: { ...perPerson(30, 3_600) }`, 30 in an hour. */
export function perPerson(requests: number, seconds = 60) {
  return {
    rateLimit: {
      max: requests,
      timeWindow: seconds * 1_000,
      keyGenerator: (request: FastifyRequest) =>
        `${request.routeOptions.url} ${request.actor?.userId ?? networkOf(request.ip)}`,
    },
  }
}

/** What limits count an address as: an IPv6 subscriber has a whole /64 (RFC 6177), so its first half; an IPv4 address as it is. */
export function networkOf(address: string): string {
  if (!address.includes(':') || /^::ffff:\d+\./i.test(address)) return address
  const [head = '', tail] = address.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail ? tail.split(':') : []
  const gap = tail === undefined ? [] : Array(Math.max(0, 8 - left.length - right.length)).fill('0')
  return [...left, ...gap, ...right].slice(0, 4).join(':')
}
