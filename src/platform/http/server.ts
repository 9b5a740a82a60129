import cookie from '@fastify/cookie'
import cors from '@fastify/cors'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify, { type FastifyBaseLogger, LogController, type RouteOptions } from 'fastify'
import type { Config } from '../config.ts'
import type { Deps } from '../deps.ts'
import { newId } from '../ids.ts'
import type { App } from './app.ts'
import { answerBrokenRequest, readBodies, refuseUnstorableText } from './bad-requests.ts'
import { usualBody } from './body-limits.ts'
import { sayWhatMayBeKept } from './etag.ts'
import { type Authenticate, guardRoute } from './guard.ts'
import { describeApi } from './openapi.ts'
import { anyone, type RoutePolicy } from './policy.ts'
import { answerError, answerMissingRoute } from './problem.ts'
import { limitRates } from './rate-limits.ts'
import { refusalResponses } from './schemas.ts'
import { securityHeaders } from './security-headers.ts'
import { serializerOf } from './serialize.ts'
import { shedLoad } from './shed-load.ts'
import { endSlowBodies, longestBodyMs } from './slow-bodies.ts'
import { endStalledAnswers } from './stalled-answers.ts'
import { standardRefusals } from './standard-refusals.ts'
import { resolveSynonyms } from './synonyms.ts'
import { closeSchemas, validateStrictly } from './validation.ts'

/** Fastify with everything that every route shares; modules add their routes to it. */
export async function createHttp(deps: Deps, authenticate: Authenticate): Promise<App> {
  const { config, log, clock } = deps
  const security = securityHeaders(config.publicUrl)
  const app: App = Fastify({
    loggerInstance: log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: () => newId(),
    bodyLimit: usualBody,
    trustProxy: config.trustProxy,
    rewriteUrl: resolveSynonyms,
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors(error, request, reply) {
      reply.header('x-request-id', request.id)
      answerError(error, request, reply)
    },
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: true },
    forceCloseConnections: 'idle',
    requestTimeout: longestBodyMs,
    // What still comes is answered, and its connection closed: /readyz says that nothing more is to come.
    return503OnClosing: false,
  }).withTypeProvider<TypeBoxTypeProvider>()

  validateStrictly(app)
  app.setSerializerCompiler<object>(({ schema }) => serializerOf(schema))
  // The first of all, so that what the others refuse has them too.
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(security).header('x-request-id', request.id)
    done()
  })
  readBodies(app)
  app.setErrorHandler(answerError)
  app.setNotFoundHandler(answerMissingRoute)
  app.decorateRequest('actor', null)
  app.decorate('policies', [])
  app.decorate('outgoing', [])
  app.addHook('onResponse', (request, reply, done) => {
    const { method } = request
    const route = request.routeOptions.url ?? 'none'
    const status = reply.statusCode
    deps.metrics.observeRequest({ method, route, status, seconds: reply.elapsedTime / 1_000 })
    const who = { userId: request.actor?.userId, address: request.ip }
    request.log.info({ method, route, status, ms: Math.round(reply.elapsedTime), ...who }, 'request')
    done()
  })

  app.addHook('onRequest', endSlowBodies)
  app.addHook('preValidation', refuseUnstorableText)
  await app.register(cors, corsOptions(config))
  // With the headers by which a page of another origin may read it.
  shedLoad(app, log)
  await app.register(cookie)
  closeWhenClosing(app)
  app.addHook('onSend', endStalledAnswers())
  app.addHook('onSend', sayWhatMayBeKept)
  if (config.rateLimits) await limitRates(app, deps.cache)
  await describeApi(app)

  app.addHook('onRoute', (route) => {
    if (route.method === 'OPTIONS') return
    if (!isPage(route)) closeSchemas(route)
    guardRoute(route, { authenticate, clock, cache: deps.cache })
    // Fastify answers HEAD for every GET by a route of its own, made of the options from before this hook.
    const isOfGet = ({ method, url }: RoutePolicy) => method === 'GET' && url === route.url
    if (route.method === 'HEAD' && app.policies.some(isOfGet)) return
    app.policies.push({
      method: String(route.method),
      url: route.url,
      policy: route.config?.policy ?? anyone,
      // The reference cannot list it, and programs call it all the same.
      hidden: isPage(route) && route.method !== 'HEAD',
    })
    if (route.schema && !isPage(route)) {
      route.schema.response = {
        ...refusalResponses(standardRefusals(route)),
        ...(route.schema.response as object),
      }
    }
  })
  return app
}

/** A page, an asset or a file for a browser; the reference lists only what programs call. */
function isPage(route: RouteOptions): boolean {
  return route.schema?.hide === true
}

/** Once the server closes, each answer ends its connection: kept alive, it would hold up the end for a minute. */
function closeWhenClosing(app: App): void {
  let closing = false
  app.addHook('preClose', async () => {
    closing = true
  })
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (closing) reply.header('connection', 'close')
    done()
  })
  // Its head may have been sent before: of a download, or a stream of events.
  app.addHook('onResponse', (request, _reply, done) => {
    if (closing) request.raw.socket.end()
    done()
  })
}

function corsOptions(config: Config) {
  return {
    origin: config.corsOrigins,
    credentials: true,
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    maxAge: 600,
    strictPreflight: false,
    exposedHeaders: [
      'x-request-id',
      'etag',
      'retry-after',
      'ratelimit-limit',
      'ratelimit-remaining',
      'ratelimit-reset',
      'accept-ranges',
      'content-range',
      'content-disposition',
      'location',
      'tus-resumable',
      'tus-version',
      'tus-extension',
      'tus-max-size',
      'tus-checksum-algorithm',
      'upload-offset',
      'upload-length',
      'upload-metadata',
      'upload-expires',
    ].join(', '),
  }
}
