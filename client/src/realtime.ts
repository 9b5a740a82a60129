import { io, type Socket } from 'socket.io-client'
import { createCatchUp } from './catch-up.ts'
import { claimsOf } from './claims.ts'
import type { Client } from './create-client.ts'
import { type ErrorCode, type FieldError, LecternError } from './errors.ts'
import type { Pushes, Requests } from './generated/realtime.ts'
import { createListeners, type Listeners } from './listeners.ts'

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

/** What is asked by it, and what is known of what was told, is one person's. */
interface Connection {
  /** Whose it is, by the `sub` of their tokens; undefined: nobody's, until somebody is to be connected. */
  readonly person: unknown
  readonly ask: Realtime['ask']
  readonly watch: Realtime['watchPresence']
  /** Connects whoever is signed in, and tries again until it succeeds. */
  connect(options?: { readonly renewed?: boolean }): Promise<void>
  /** Goes on under another token of the same person. */
  renew(token: string): void
  close(): void
}

/** Connects whoever is signed in at the client, now and whenever somebody is; one person after another, each by a connection of their own. */
export function openRealtime(client: Client): Realtime {
  const handlers = new Map<string, Listeners<never>>()
  const statusHandlers = createListeners<RealtimeStatus>()
  let status: RealtimeStatus = 'connecting'
  let closed = false
  let again: ReturnType<typeof setTimeout> | undefined

  function turn(to: RealtimeStatus): void {
    if (status === to) return
    status = to
    statusHandlers.tell(to)
  }

  function openConnection(): Connection {
    let person: unknown
    const socket: Socket = io(client.baseUrl, {
      path: '/realtime',
      transports: ['websocket', 'polling'],
      autoConnect: false,
      forceNew: true,
      auth: (give) => {
        client.session.token().then(
          (token) => {
            if (!isCurrent()) return
            if (token !== null && claimsOf(token).sub === person) give({ token })
            else follow(token)
          },
          () => isCurrent() && give({}),
        )
      },
    })
    const isCurrent = () => connection === own && !closed
    const catchUp = createCatchUp({
      client,
      ask,
      tell(name, payload) {
        if (isCurrent()) handlers.get(name)?.tell(payload as never)
      },
      isConnected: () => socket.connected,
    })

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

    /** With another token: that of the end, or of the refusal, is of no use any more. */
    function connectLater(ms: number, { renewed }: { renewed: boolean }): void {
      if (!isCurrent()) return
      clearTimeout(again)
      turn('away')
      again = setTimeout(() => own.connect({ renewed }), ms)
    }

    socket.on('connect', () => {
      void catchUp.connected().then((done) => done && isCurrent() && turn('current'))
    })
    socket.on('disconnect', (reason) => {
      if (!isCurrent()) return
      turn('away')
      if (reason === 'io server disconnect') connectLater(connectAgainMs, { renewed: true })
    })
    socket.on('connect_error', (error: Error & { data?: { code?: string; retryAfterSeconds?: number } }) => {
      // Without data the server was not reached, and the library tries again.
      if (!error.data || socket.active) return
      const { code, retryAfterSeconds = 0 } = error.data
      connectLater(Math.max(connectAgainMs, retryAfterSeconds * 1_000), {
        renewed: code === 'unauthenticated',
      })
    })
    socket.onAny((name: string, payload: unknown) => catchUp.pushed(name, payload))

    const own: Connection = {
      get person() {
        return person
      },
      ask,
      watch: catchUp.watch,
      async connect({ renewed = false } = {}) {
        try {
          const token = renewed ? await client.session.renew() : await client.session.token()
          if (!isCurrent()) return
          if (token === null) return turn('closed')
          person = claimsOf(token).sub
          await catchUp.begin()
          if (isCurrent() && !socket.active) socket.connect()
        } catch {
          connectLater(connectAgainMs * 2, { renewed })
        }
      },
      renew(token) {
        if (socket.connected) {
          // Where it is refused, the connection ends with the token that it has, and is made anew.
          ask('session:renew', { token }).catch(() => undefined)
        } else if (status !== 'away') {
          turn('connecting')
          void own.connect()
        }
      },
      close: () => void socket.disconnect(),
    }
    return own
  }

  let connection = openConnection()
  /** Nothing that one person has asked for may be done as another, nor be told to them. */
  function startAnew(): void {
    clearTimeout(again)
    const old = connection
    connection = openConnection()
    old.close()
  }

  function follow(token: string | null): void {
    const { person } = connection
    if (token !== null && (person === undefined || person === claimsOf(token).sub)) connection.renew(token)
    else {
      startAnew()
      turn(token === null ? 'closed' : 'connecting')
      if (token !== null) void connection.connect()
    }
  }
  const unlisten = client.session.onChange(({ token }) => follow(token))

  void connection.connect()

  return {
    get status() {
      return status
    },
    on(name, listen) {
      const own: Listeners<never> = handlers.get(name) ?? createListeners()
      handlers.set(name, own)
      return own.add(listen as (payload: never) => void)
    },
    ask: (name, input) => connection.ask(name, input),
    watchPresence: (userIds) => connection.watch(userIds),
    onStatus: (listen) => statusHandlers.add(listen),
    close() {
      closed = true
      clearTimeout(again)
      unlisten()
      connection.close()
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
