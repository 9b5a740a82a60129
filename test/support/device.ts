import { EventEmitter, once } from 'node:events'
import { io, type Socket } from 'socket.io-client'

/** A device of somebody, connected by the real client over WebSocket. It does not connect again by itself. */
export interface Device {
  readonly id: string
  readonly socket: Socket
  /** Everything that was pushed to it, in order. */
  readonly pushes: readonly Push[]
  /** Sends a request and waits for its acknowledgement: `{ ok: true, … }` or `{ ok: false, code, … }`. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into acknowledgements of every shape, and a wrong guess fails there
  ask(name: string, input?: unknown): Promise<any>
  /** The payload of the next push of that name which no `next` has taken yet, waiting for it; rejects after 5 s. */
  // biome-ignore lint/suspicious/noExplicitAny: as above, of pushes
  next(name: string): Promise<any>
  /** Resolves when all that the server had sent to it has come: what is not among `pushes` then was not sent. */
  settled(): Promise<void>
  /** Resolves with the reason when it is disconnected. */
  readonly gone: Promise<string>
  close(): void
}

export interface Push {
  readonly name: string
  readonly payload: unknown
}

const patienceMs = 5_000

/** @returns when it is connected; rejects with the `data` of `connect_error`, such as `{ code: 'unauthenticated', … }` */
export async function connectDevice(url: string, token: unknown): Promise<Device> {
  const socket = io(url, {
    path: '/realtime',
    transports: ['websocket'],
    auth: { token },
    forceNew: true,
    reconnection: false,
  })
  const pushes: Push[] = []
  const taken = new Set<Push>()
  const arrivals = new EventEmitter()
  socket.onAny((name: string, payload: unknown) => {
    pushes.push({ name, payload })
    arrivals.emit('push')
  })
  const gone = new Promise<string>((resolve) => socket.once('disconnect', resolve))
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('connect_error', (error) => reject('data' in error ? error.data : error))
  }).catch((error) => {
    socket.close()
    throw error
  })
  const ask = (name: string, input?: unknown) =>
    socket.timeout(patienceMs).emitWithAck(name, ...(input === undefined ? [] : [input]))

  return {
    id: socket.id ?? '',
    socket,
    pushes,
    ask,
    async next(name) {
      const limit = AbortSignal.timeout(patienceMs)
      for (;;) {
        const push = pushes.find((push) => push.name === name && !taken.has(push))
        if (push) {
          taken.add(push)
          return push.payload
        }
        await once(arrivals, 'push', { signal: limit }).catch(() => {
          throw new Error(`no ${name} came, only: ${JSON.stringify(pushes)}`)
        })
      }
    },
    async settled() {
      await ask('test:settled')
    },
    gone,
    close: () => void socket.close(),
  }
}
