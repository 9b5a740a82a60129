import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { prefersToJson } from './accept.ts'
import { asRefusal } from './problem.ts'

/** One event of a stream: its name, and what JSON has of it. */
export interface StreamedEvent {
  readonly name: string
  readonly data: unknown
}

/** Whether an `Accept` header asks for server-sent events: named, and no less wanted than JSON. */
export function wantsEvents(accept: string | undefined): boolean {
  return prefersToJson(accept, 'text/event-stream')
}

/** Aborted when nobody waits for the answer any more. */
export function whileConnected(reply: FastifyReply): AbortSignal {
  const gone = new AbortController()
  reply.raw.once('close', () => gone.abort())
  return gone.signal
}

/**
 * Answers with server-sent events (HTML Living Standard, 9.2), each taken when the client has room for it. What is refused before the
 * first event is answered with its status; after it, it is the last event, `error`, whose data is the problem document.
 */
export async function sendEvents(
  request: FastifyRequest,
  reply: FastifyReply,
  events: AsyncGenerator<StreamedEvent>,
): Promise<FastifyReply> {
  const first = await events.next()
  reply.header('content-type', 'text/event-stream')
  reply.header('cache-control', 'no-store')
  // nginx would gather them otherwise.
  reply.header('x-accel-buffering', 'no')
  return reply.send(Readable.from(write(request, first, events), { objectMode: false, highWaterMark: 1 }))
}

async function* write(
  request: FastifyRequest,
  first: IteratorResult<StreamedEvent>,
  events: AsyncGenerator<StreamedEvent>,
): AsyncGenerator<string> {
  try {
    for (let next = first; !next.done; next = await events.next()) yield lineOf(next.value)
  } catch (error) {
    const { kind, message } = asRefusal(error)
    if (kind.status >= 500) request.log.error({ err: error }, 'a stream failed')
    const problem = { type: 'about:blank', ...kind, detail: message, requestId: request.id }
    yield lineOf({ name: 'error', data: problem })
  } finally {
    await events.return(undefined)
  }
}

function lineOf({ name, data }: StreamedEvent): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`
}
