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

/** Whatever stands between gives a connection up on which nothing was sent for a minute or so. */
const pulseMs = 15_000
/** A comment, which readers pass over. */
const stillThere = ': still at work\n\n'

/**
 * Answers with server-sent events (HTML Living Standard, 9.2), each taken when the client has room for it, and a comment every fifteen
 * seconds. What is refused before the first of all these is answered with its status; after it, it is the last event, `error`, whose data
 * is the problem document.
 */
export async function sendEvents(
  request: FastifyRequest,
  reply: FastifyReply,
  events: AsyncGenerator<StreamedEvent>,
): Promise<FastifyReply> {
  const pulse = startPulse()
  reply.raw.once('close', pulse.stop)
  const first = events.next()
  await Promise.race([first, pulse.next()])
  reply.header('content-type', 'text/event-stream')
  reply.header('cache-control', 'no-store')
  // nginx would gather them otherwise.
  reply.header('x-accel-buffering', 'no')
  const lines = write(request, { first, events, pulse })
  return reply.send(Readable.from(lines, { objectMode: false, highWaterMark: 1 }))
}

interface Pulse {
  /** The next beat, or the one that nobody has heard yet. */
  next(): Promise<'beat'>
  /** Takes it as heard. */
  heard(): void
  stop(): void
}

function startPulse(): Pulse {
  let beat = Promise.withResolvers<'beat'>()
  const timer = setInterval(() => beat.resolve('beat'), pulseMs)
  return {
    next: () => beat.promise,
    heard() {
      beat = Promise.withResolvers()
    },
    stop: () => clearInterval(timer),
  }
}

async function* write(
  request: FastifyRequest,
  stream: {
    first: Promise<IteratorResult<StreamedEvent>>
    events: AsyncGenerator<StreamedEvent>
    pulse: Pulse
  },
): AsyncGenerator<string> {
  const { first, events, pulse } = stream
  try {
    for (let coming = first; ; ) {
      const next = await Promise.race([coming, pulse.next()])
      if (next === 'beat') {
        pulse.heard()
        yield stillThere
      } else if (next.done) return
      else {
        yield lineOf(next.value)
        coming = events.next()
      }
    }
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
