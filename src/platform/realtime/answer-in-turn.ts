import { setTimeout as wait } from 'node:timers/promises'
import type { Clock } from '../clock.ts'
import { overloaded, rateLimited, refuse } from '../http/refusal.ts'
import { type Answer, type Reply, replyOf } from './answer-request.ts'
import { isFlooding } from './device.ts'
import type { Connection } from './rooms.ts'

const mostWaiting = 200

export interface Turns {
  /** Answers a request when those that the device sent before it are answered. Never rejects. */
  take(socket: Connection, name: unknown, args: unknown[]): Promise<void>
  /** Takes none any more; resolves when those that were taken are answered, or patience ends. */
  finish(sockets: Iterable<Connection>, patienceMs: number): Promise<void>
}

/** One after another by device, so that what it sends in order is done in order, and none of them takes the server for itself. */
export function createTurns(answer: Answer, clock: Clock): Turns {
  let closing = false

  async function answerTo(socket: Connection, name: unknown, args: unknown[]): Promise<Reply> {
    const device = socket.data
    if (closing) return replyOf(refuse(overloaded))
    if (device.waiting >= mostWaiting) return replyOf(refuse(rateLimited))
    device.waiting++
    const answered = device.last.then(() => answer({ name, args, device, socketId: socket.id }))
    device.last = answered.then(() => {
      device.waiting--
    })
    return answered
  }

  return {
    async take(socket, name, args) {
      const acknowledge =
        typeof args.at(-1) === 'function' ? (args.pop() as (reply: Reply) => void) : undefined
      const reply = await answerTo(socket, name, args)
      acknowledge?.(reply)
      if (!reply.ok && isFlooding(socket.data, clock.now())) socket.disconnect(true)
    },
    async finish(sockets, patienceMs) {
      closing = true
      const answered = Promise.all([...sockets].map(({ data }) => data.last))
      const over = new AbortController()
      const patience = wait(patienceMs, undefined, { signal: over.signal }).catch(() => undefined)
      await Promise.race([answered, patience])
      over.abort()
    },
  }
}
