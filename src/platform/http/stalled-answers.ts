import type { DoneFuncWithErrOrRes, FastifyReply, FastifyRequest } from 'fastify'

const pauseMs = 120_000
/** An answer of as many bytes is on its way at once, whether it is read or not. */
const smallBytes = 65_536

/**
 * Ends the connection of a client that has taken nothing of its answer for as long, and with it whatever writes the answer. A player that
 * was paused for longer asks for the rest by a range. Node.js sets the time anew with the next request of the connection.
 */
export function endStalledAnswers(mostPauseMs: number = pauseMs) {
  return (
    _request: FastifyRequest,
    reply: FastifyReply,
    payload: unknown,
    done: DoneFuncWithErrOrRes,
  ): void => {
    const isWhole = typeof payload === 'string' || Buffer.isBuffer(payload)
    if (!isWhole || payload.length > smallBytes) reply.raw.setTimeout(mostPauseMs)
    done()
  }
}
