import type { Static, TSchema } from 'typebox'
import type { Actor } from '../actor.ts'
import type { Deps } from '../deps.ts'
import type { Policy } from '../http/policy.ts'
import type { SocketPush } from './sockets.ts'

/** What a client may ask over its socket, always acknowledged: `{ ok: true, ...reply }` or `{ ok: false, code, detail, errors? }`. */
export interface SocketRequest {
  /** As on the wire: `chat:send`. */
  readonly name: string
  /** A sentence for the reference. */
  readonly summary: string
  readonly policy: Policy
  readonly input: TSchema
  readonly reply: TSchema
  /** How often one person may ask this, over all their devices. */
  readonly limit: { readonly count: number; readonly seconds: number }
  handle(deps: Deps, actor: Actor, input: unknown, socketId: string): Promise<unknown>
}

/** What a module adds to the realtime protocol. */
export interface Realtime {
  readonly requests?: readonly SocketRequest[]
  readonly pushes?: readonly SocketPush[]
  /** Called once by each node that serves sockets, before it does; the signal is aborted when it serves no longer. */
  readonly start?: (deps: Deps, closing: AbortSignal) => void
}

/**
 * Declares a request of the protocol. Like a route's handler, `handle` opens the transaction, calls the use case and presents; what it
 * refuses (`refuse(...)`) is acknowledged with the refusal's code.
 * @param request.handle `socketId` names the device that asks
 */
export function defineSocketRequest<Input extends TSchema, Reply extends TSchema>(
  request: Omit<SocketRequest, 'handle' | 'input' | 'reply'> & {
    readonly input: Input
    readonly reply: Reply
    handle(deps: Deps, actor: Actor, input: Static<Input>, socketId: string): Promise<Static<Reply>>
  },
): SocketRequest {
  return {
    ...request,
    handle: (deps, actor, input, socketId) => request.handle(deps, actor, input as Static<Input>, socketId),
  }
}

/** Declares what the server sends under a name. */
export function defineSocketPush<Payload extends TSchema>(
  name: string,
  summary: string,
  payload: Payload,
): SocketPush<Payload> {
  return { name, summary, payload }
}
