import type { Actor } from '../actor.ts'
import type { Deps } from '../deps.ts'
import { refuseUnstorable } from '../http/bad-requests.ts'
import { asRefusal, refuseFaults } from '../http/problem.ts'
import {
  badField,
  forbidden,
  internalError,
  type Refusal,
  type RefusalKind,
  rateLimited,
  refuse,
  unauthenticated,
} from '../http/refusal.ts'
import { serializerOf } from '../http/serialize.ts'
import { type Check, compileStrictly, isOpen } from '../http/validation.ts'
import { newId } from '../ids.ts'
import type { SocketRequest } from './contract.ts'
import type { Device } from './device.ts'

export const unknownEvent: RefusalKind = {
  status: 404,
  code: 'unknown_event',
  title: 'There is no such request. docs/realtime.md lists those there are.',
}

/** What is acknowledged. */
export type Reply = { readonly ok: true } | { readonly ok: false; readonly code: string }

export type Answer = (ask: {
  name: unknown
  args: unknown[]
  device: Device
  socketId: string
}) => Promise<Reply>

interface Entry {
  readonly request: SocketRequest
  readonly validate: Check
  readonly serialize: (value: unknown) => string
}

/**
 * Answers requests over sockets as the guard, the limits, the validation and the filter do those by HTTP. Never rejects.
 * @param options.outlives the name of the request that is still answered when the token has run out
 * @throws Error for a request that is declared twice, takes unknown fields, or would let in somebody who is not signed in
 */
export function createAnswer(
  deps: Deps,
  { requests, outlives }: { requests: readonly SocketRequest[]; outlives: string },
): Answer {
  const { clock, cache, config, log, metrics, revocations } = deps
  const entries = new Map<unknown, Entry>(requests.map((request) => [request.name, entryOf(request)]))
  if (entries.size < requests.length) throw new Error('Two requests over sockets have the same name.')

  async function actorOf({ userId, role, sessionId, expiresAt }: Device, name: string): Promise<Actor> {
    const at = clock.now()
    if (expiresAt !== null && expiresAt <= at.getTime() && name !== outlives)
      throw refuse(unauthenticated, 'The token has run out: send another by session:renew.')
    if (sessionId !== null && (await revocations.has(sessionId))) throw refuse(unauthenticated)
    return { userId, role, sessionId, at }
  }

  async function limit({ name, limit: { count, seconds } }: SocketRequest, userId: string): Promise<void> {
    if (!config.rateLimits) return
    // Without its counters the service goes on, unlimited, rather than not at all.
    const window = await cache.increment(`socket:${name}:${userId}`, seconds).catch(() => null)
    if (window && window.count > count)
      throw refuse(rateLimited, rateLimited.title, { retryAfterSeconds: window.resetSeconds })
  }

  async function handle(
    { request, validate, serialize }: Entry,
    args: unknown[],
    ask: Parameters<Answer>[0],
  ) {
    const actor = await actorOf(ask.device, request.name)
    const { roles } = request.policy
    if (roles && !roles.includes(actor.role)) throw refuse(forbidden, `This is for: ${roles.join(', ')}.`)
    await limit(request, actor.userId)
    if (args.length > 1) throw badField('', 'is sent with more than one argument')
    const [input = {}] = args
    refuseUnstorable(input)
    // To the schema they would be an object with a field for each.
    if (hasBytes(input)) throw badField('', 'has bytes: no request takes any')
    if (!validate(input)) throw refuseFaults(validate.errors ?? [])
    const reply = await request.handle(deps, actor, input, ask.socketId)
    return { ok: true as const, ...JSON.parse(serialize(reply)) }
  }

  return async (ask) => {
    const entry = entries.get(ask.name)
    const started = performance.now()
    let outcome = 'ok'
    try {
      if (!entry) throw refuse(unknownEvent)
      return await handle(entry, ask.args, ask)
    } catch (error) {
      const refusal = asRefusal(error)
      outcome = refusal.kind.code
      const requestId = refusal.kind.status >= 500 ? newId() : undefined
      if (requestId)
        log.error({ err: error, requestId, request: entry?.request.name }, 'a socket request failed')
      return replyOf(refusal, requestId)
    } finally {
      const name = entry?.request.name ?? 'unknown'
      metrics.observeSocketRequest({ name, outcome, seconds: (performance.now() - started) / 1_000 })
    }
  }
}

function hasBytes(value: unknown): boolean {
  if (value === null || typeof value !== 'object') return false
  return ArrayBuffer.isView(value) || Object.values(value).some(hasBytes)
}

function entryOf(request: SocketRequest): Entry {
  const { name, input, reply, policy } = request
  if (isOpen(input)) throw new Error(`${name} takes unknown fields; make its input with Closed().`)
  if (policy.token !== 'required')
    throw new Error(`${name} is open to nobody in particular; sockets are not.`)
  return { request, validate: compileStrictly(input), serialize: serializerOf(reply) }
}

/** A refusal as it is acknowledged, or told by `connect_error`. */
export function replyOf({ kind, message, details }: Refusal, requestId?: string) {
  const { errors, members, retryAfterSeconds } = details
  return {
    ok: false as const,
    code: kind.code,
    detail: kind === internalError ? kind.title : message,
    ...(errors ? { errors } : {}),
    ...(retryAfterSeconds === undefined
      ? {}
      : { retryAfterSeconds: Math.max(1, Math.ceil(retryAfterSeconds)) }),
    ...(requestId ? { requestId } : {}),
    ...members,
  }
}
