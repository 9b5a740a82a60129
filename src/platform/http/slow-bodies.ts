import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The body may take hours, as large files do over a slow line, as long as some of it comes. */
    longBody?: boolean
  }
}

/** What a server gives to a request at most, in milliseconds; what most requests get, and what a pause in a long one may take. */
export const longestBodyMs = 12 * 60 * 60_000
const bodyMs = 300_000
const pauseMs = 120_000

/** Ends the connection of a client that sends its body too slowly: else a few of them would hold all that the server has. */
export function endSlowBodies(
  request: FastifyRequest,
  reply: FastifyReply,
  done: HookHandlerDoneFunction,
): void {
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = request.headers
  if (length !== '0' || encoding !== undefined) watch(request, reply)
  done()
}

function watch(request: FastifyRequest, reply: FastifyReply): void {
  const { raw } = request
  const patient = request.routeOptions.config.longBody === true
  const timer = setTimeout(() => raw.readableEnded || raw.destroy(), patient ? pauseMs : bodyMs).unref()
  const stop = () => clearTimeout(timer)
  raw.once('end', stop)
  reply.raw.once('close', stop)
  if (patient) raw.prependListener('data', () => timer.refresh())
}
