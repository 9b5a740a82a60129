import type { FastifyReply, FastifyRequest } from 'fastify'

const pauseMs = 120_000

/**
 * Ends the connection of a client that has taken nothing of its answer for as long, and with it whatever writes the answer. A player that
 * was paused for longer asks for the rest by a range. Node.js sets the time anew with the next request of the connection.
 */
export function endStalledAnswers(mostPauseMs: number = pauseMs) {
  return async (_request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    reply.raw.setTimeout(mostPauseMs)
  }
}
