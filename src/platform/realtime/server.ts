import { Server } from 'socket.io'
import type { Deps } from '../deps.ts'
import type { App } from '../http/app.ts'
import type { Authenticate } from '../http/guard.ts'
import { asRefusal } from '../http/problem.ts'
import { overloaded, type RefusalKind, refuse, unauthenticated } from '../http/refusal.ts'
import { processesOf } from '../processes/messages.ts'
import { createTurns } from './answer-in-turn.ts'
import { createAnswer, replyOf } from './answer-request.ts'
import { cutOff, isBehind } from './backlog.ts'
import { closeConnections } from './close-connections.ts'
import { defineSocketRequest, type Realtime } from './contract.ts'
import { newDevice } from './device.ts'
import { mayConnectFrom } from './origins.ts'
import { type Connection, type Connections, hostOf, inRoom, roomOfSession } from './rooms.ts'
import { type EndReason, expiryOf, sessionEnded, sessionRenew } from './session.ts'
import { roomOfUser } from './sockets.ts'

export const tooManyConnections: RefusalKind = {
  status: 429,
  code: 'too_many_connections',
  title: 'This account has too many connections. Close one first.',
}

/** A frame, and so a payload, takes this many bytes at most; a larger one ends its connection (WebSocket close code 1009). */
const mostFrameBytes = 64 * 1024
/** On one node. */
const mostConnectionsPerPerson = 20
/** A connection that says nothing is lost after these two together, 9 s. */
const pingIntervalMs = 5_000
const pingTimeoutMs = 4_000
/** How long a connection outlives its token, so that a new one may come. */
const expiryGraceMs = 30_000
const sweepMs = 1_000
const closingPatienceMs = 5_000

export interface RealtimeServer {
  /** To be told when the role or status of a person has changed: what was let in under an outside bearer is looked at anew. */
  userChanged(userId: string): void
}

/**
 * Serves the realtime protocol at `/realtime` beside HTTP (Socket.IO protocol 5, over WebSocket or long polling).
 * @param options.parts what the modules add to the protocol
 */
export async function serveRealtime(
  app: App,
  deps: Deps,
  { authenticate, parts }: { authenticate: Authenticate; parts: readonly Realtime[] },
): Promise<RealtimeServer> {
  const { clock, config, log, metrics, revocations, signals, sockets } = deps
  const io: Connections = new Server(app.server, {
    path: '/realtime',
    addTrailingSlash: false,
    serveClient: false,
    // The requests of a poll would go to one process, then to another.
    transports: processesOf(config) > 1 ? ['websocket'] : ['websocket', 'polling'],
    cors: { origin: config.corsOrigins },
    allowRequest: ({ headers }, answer) =>
      mayConnectFrom(headers, config) ? answer(null, true) : answer('This origin is not let in.', false),
    maxHttpBufferSize: mostFrameBytes,
    pingInterval: pingIntervalMs,
    pingTimeout: pingTimeoutMs,
    connectTimeout: 10_000,
    perMessageDeflate: false,
    httpCompression: false,
  })
  const { adapter, sockets: connected } = io.sockets
  const devicesOf = new Map<string, number>()
  let closing = false
  // The request that a connection began with is the half of its memory, and nobody asks for it again.
  io.engine.on('connection', (raw: { request: unknown }) => {
    raw.request = null
  })

  async function whoIs(token: unknown) {
    const at = clock.now()
    const actor = typeof token === 'string' && token !== '' ? await authenticate(token, at) : null
    if (!actor) throw refuse(unauthenticated, 'Send a valid access token as auth.token.')
    const says = expiryOf(String(token))
    return { actor, expiresAt: says ?? at.getTime() + config.accessTokenSeconds * 1_000 }
  }

  /** From who it is to its rooms nothing waits, so that the newest of many at once finds the others there. */
  async function admit(socket: Connection): Promise<void> {
    if (closing) throw refuse(overloaded, overloaded.title, { retryAfterSeconds: 1 })
    const { actor, expiresAt } = await whoIs(socket.handshake.auth.token)
    socket.handshake.auth = {}
    const room = roomOfUser(actor.userId)
    if ((adapter.rooms.get(room)?.size ?? 0) >= mostConnectionsPerPerson) throw refuse(tooManyConnections)
    socket.data = newDevice(actor, expiresAt)
    socket.join(actor.sessionId === null ? [room] : [room, roomOfSession(actor.sessionId)])
  }

  function end(socket: Connection, reason: EndReason): void {
    socket.emit(sessionEnded.name, { reason })
    socket.disconnect(true)
  }

  const renew = defineSocketRequest({
    ...sessionRenew,
    async handle(_deps, before, { token }, socketId) {
      const { actor, expiresAt } = await whoIs(token)
      const socket = connected.get(socketId)
      if (!socket || actor.userId !== before.userId)
        throw refuse(unauthenticated, 'This token is of somebody else.')
      if (before.sessionId !== null) socket.leave(roomOfSession(before.sessionId))
      if (actor.sessionId !== null) socket.join(roomOfSession(actor.sessionId))
      const { role, sessionId } = actor
      Object.assign(socket.data, { role, sessionId, expiresAt })
      return { expiresAt: new Date(expiresAt) }
    },
  })
  const requests = [renew, ...parts.flatMap((part) => part.requests ?? [])]
  const turns = createTurns(createAnswer(deps, { requests, outlives: renew.name }), clock)

  io.use((socket, next) => {
    admit(socket).then(
      () => next(),
      (error: unknown) => {
        const refusal = asRefusal(error)
        if (refusal.kind.status >= 500) log.error({ err: error }, 'a handshake failed')
        const { ok, ...data } = replyOf(refusal)
        next(Object.assign(new Error(refusal.kind.title), { data }))
      },
    )
  })
  const over = new AbortController()
  for (const { start } of parts) start?.(deps, over.signal)
  const door = await sockets.serve(hostOf(io))
  io.on('connection', (socket) => {
    const { userId, sessionId } = socket.data
    metrics.observeSocket(1)
    const before = devicesOf.get(userId) ?? 0
    devicesOf.set(userId, before + 1)
    if (before === 0) door.arrived(userId)
    socket.on('disconnect', () => {
      metrics.observeSocket(-1)
      const left = (devicesOf.get(userId) ?? 0) - 1
      if (left > 0) return devicesOf.set(userId, left)
      devicesOf.delete(userId)
      if (!closing) door.left(userId)
    })
    // It may have ended in the moment since it was looked at.
    if (sessionId !== null && revocations.has(sessionId) === true) return end(socket, 'ended')
    socket.onAny((name: unknown, ...args: unknown[]) => void turns.take(socket, name, args))
  })

  revocations.onEnd((sessionIds) => {
    for (const id of sessionIds) for (const socket of inRoom(io, roomOfSession(id))) end(socket, 'ended')
  })
  // While signals were lost, changes of these people may have been missed.
  await signals.onConnect(async () => {
    for (const socket of connected.values()) if (socket.data.sessionId === null) end(socket, 'changed')
  })

  const sweep = setInterval(() => {
    const before = clock.now().getTime() - expiryGraceMs
    for (const socket of connected.values()) {
      const { expiresAt } = socket.data
      if (expiresAt !== null && expiresAt <= before) end(socket, 'expired')
      else if (isBehind(socket)) cutOff(socket)
    }
  }, sweepMs).unref()

  // Clients whose transport closes connect again by themselves, to a node that takes them.
  app.addHook('preClose', async () => {
    closing = true
    clearInterval(sweep)
    over.abort()
    await turns.finish(connected.values(), closingPatienceMs)
    closeConnections(io)
    await door.shut()
  })
  return {
    userChanged(userId) {
      for (const socket of inRoom(io, roomOfUser(userId)))
        if (socket.data.sessionId === null) end(socket, 'changed')
    },
  }
}
