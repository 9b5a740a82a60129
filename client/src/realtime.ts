import { io, type Socket } from 'socket.io-client'
import { createCatchUp } from './catch-up.ts'
import type { Client } from './create-client.ts'
import { type ErrorCode, type FieldError, LecternError } from './errors.ts'
import type { Pushes, Requests } from './generated/realtime.ts'

export type { Pushes, Requests } from './generated/realtime.ts'

/**
 * `current`: connected, and what was missed has been told. `away`: the connection is lost, and is made again by itself. `closed`: nobody is
 * signed in, or `close` was called.
 */
export type RealtimeStatus = 'connecting' | 'current' | 'away' | 'closed'

/** What happens, as it happens; see docs/realtime.md for what each push and request means. */
export interface Realtime {
  readonly status: RealtimeStatus
  /**
   * Listens to a push. Messages come in their order and once, notifications once, whatever was lost on the way; typing and signals of calls that were
   * missed are gone.
   * @returns what ends the listening
   */
  on<Name extends keyof Pushes>(name: Name, listen: (payload: Pushes[Name]) => void): () => void
  /** Asks for something. Waits for a connection, ten seconds in all. @throws LecternError with the code of the refusal, or `timed_out` */
  ask<Name extends keyof Requests>(
    name: Name,
    input: Requests[Name]['input'],
  ): Promise<Requests[Name]['reply']>
  /** Is told of the presence of these people, and no longer of others; after each reconnection anew. How everybody is comes as pushes. */
  watchPresence(userIds: readonly string[]): Promise<void>
  onStatus(listen: (status: RealtimeStatus) => void): () => void
  close(): void
}

const patienceMs = 10_000
/** After a refusal to connect, or an end by the server. */
const connectAgainMs = 2_000

type Handler = (payload: never) => void

/** Connects whoever is signed in at the client, now and whenever somebody is. */
export function openRealtime(client: Client): Realtime {
  const handlers = new Map<string, Set<Handler>>()
  const statusHandlers = new Set<(status: RealtimeStatus) => void>()
  let status: RealtimeStatus = 'connecting'
  let closed = false
  let again: ReturnType<typeof setTimeout> | undefined

  const socket: Socket = io(client.baseUrl, {
    path: '/realtime',
    transports: ['websocket', 'polling'],
    autoConnect: false,
    auth: (give) => {
      client.session.token().then(
        (token) => give({ token }),
        () => give({}),
      )
    },
  })

  function tell(name: string, payload: unknown): void {
    for (const handle of handlers.get(name) ?? []) handle(payload as never)
  }
  function turn(to: RealtimeStatus): void {
    if (status === to) return
    status = to
    for (const listen of statusHandlers) listen(to)
  }

  async function ask<Name extends keyof Requests>(
    name: Name,
    input: Requests[Name]['input'],
  ): Promise<Requests[Name]['reply']> {
    const answer = await socket
      .timeout(patienceMs)
      .emitWithAck(name, input)
      .catch((cause) => {
        throw new LecternError('timed_out', 'No answer came.', { cause })
      })
    if (!answer.ok) throw refusalOf(answer)
    const { ok: _, ...reply } = answer
    catchUp.asked(name, reply)
    return reply
  }

  const catchUp = createCatchUp({ client, tell, ask, isConnected: () => socket.connected })

  /** With another token: that of the end, or of the refusal, is of no use any more. */
  function connectLater(ms: number, { renewed }: { renewed: boolean }): void {
    clearTimeout(again)
    if (closed) return
    turn('away')
    again = setTimeout(async () => {
      try {
        const token = renewed ? await client.session.renew() : await client.session.token()
        if (closed) return
        if (token === null) turn('closed')
        else socket.connect()
      } catch {
        connectLater(connectAgainMs * 2, { renewed })
      }
    }, ms)
  }

  socket.on('connect', () => {
    void catchUp.connected().then((done) => done && turn('current'))
  })
  socket.on('disconnect', (reason) => {
    if (closed) return
    turn('away')
    if (reason === 'io server disconnect') connectLater(connectAgainMs, { renewed: true })
  })
  socket.on('connect_error', (error: Error & { data?: { code?: string; retryAfterSeconds?: number } }) => {
    // Without data the server was not reached, and the library tries again.
    if (!error.data || socket.active) return
    const { code, retryAfterSeconds = 0 } = error.data
    connectLater(Math.max(connectAgainMs, retryAfterSeconds * 1_000), { renewed: code === 'unauthenticated' })
  })
  socket.onAny((name: string, payload: unknown) => catchUp.pushed(name, payload))

  const unlisten = client.session.onChange(({ token }) => {
    if (token === null) {
      clearTimeout(again)
      socket.disconnect()
      catchUp.forget()
      turn('closed')
    } else if (socket.connected) {
      void ask('session:renew', { token }).catch(() => undefined)
    } else if (status !== 'away') {
      turn('connecting')
      socket.connect()
    }
  })
  client.session.token().then(
    (token) => (token === null ? turn('closed') : socket.connect()),
    () => connectLater(connectAgainMs, { renewed: false }),
  )

  return {
    get status() {
      return status
    },
    on(name, listen) {
      const own = handlers.get(name) ?? new Set()
      handlers.set(name, own.add(listen as Handler))
      return () => void own.delete(listen as Handler)
    },
    ask,
    watchPresence: (userIds) => catchUp.watch(userIds),
    onStatus(listen) {
      statusHandlers.add(listen)
      return () => void statusHandlers.delete(listen)
    },
    close() {
      closed = true
      clearTimeout(again)
      unlisten()
      socket.disconnect()
      turn('closed')
    },
  }
}

interface Refused {
  readonly code: string
  readonly detail: string
  readonly errors?: readonly FieldError[]
  readonly retryAfterSeconds?: number
  readonly requestId?: string
}

function refusalOf({ code, detail, errors, retryAfterSeconds, requestId }: Refused): LecternError {
  return new LecternError(code as ErrorCode, detail, { errors, retryAfterSeconds, requestId })
}
