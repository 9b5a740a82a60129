import type { Transported } from './backlog.ts'
import type { Connections } from './rooms.ts'

const goodbyeMs = 1_000

/**
 * Closes all connections, those too that are still shaking hands. Whoever does not answer that within a second is cut off: a phone that
 * sleeps, a line that is dead. The WebSockets of `ws` would wait for them for half a minute, and the server with them.
 */
export function closeConnections({ engine }: Connections): void {
  // What Engine.IO does not declare for others, in engine.io/build/server.js.
  const { clients } = engine as unknown as { readonly clients: Readonly<Record<string, Transported>> }
  const transports = Object.values(clients).map(({ transport }) => transport)
  engine.close()
  setTimeout(() => {
    for (const { socket } of transports) socket?.terminate()
  }, goodbyeMs).unref()
}
