import Fastify, { type FastifyInstance } from 'fastify'
import type { App } from './app.ts'
import { describedApi } from './openapi.ts'
import { anyone } from './policy.ts'

const contentPolicy =
  "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; worker-src blob:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"

/** `/openapi.json`, and at `/docs` the reference made of it; call when all routes are there. */
export function serveReference(app: App): void {
  const page = { config: { policy: anyone }, schema: { hide: true } }
  let document: string | undefined
  app.get('/openapi.json', page, async (_request, reply) => {
    document ??= JSON.stringify(describedApi(app))
    return reply.type('application/json; charset=utf-8').send(document)
  })

  let site: Promise<FastifyInstance> | undefined
  for (const path of ['/docs', '/docs/js/scalar.js']) {
    app.get(path, page, async (request, reply) => {
      site ??= openSite()
      const { statusCode, headers, rawPayload } = await (await site).inject(request.url)
      reply.code(statusCode).type(headers['content-type'] ?? 'text/html; charset=utf-8')
      if (typeof headers.location === 'string') reply.header('location', headers.location)
      reply.header('content-security-policy', contentPolicy)
      return reply.send(rawPayload)
    })
  }
  app.addHook('onClose', async () => (await site)?.close())
}

/** The library's pages and its four megabytes of script, loaded when somebody first asks: most nodes are never asked. */
async function openSite(): Promise<FastifyInstance> {
  const { default: reference } = await import('@scalar/fastify-api-reference')
  const site = Fastify()
  await site.register(reference, {
    routePrefix: '/docs',
    configuration: {
      url: '/openapi.json',
      pageTitle: 'Lectern API',
      withDefaultFonts: false,
      hideClientButton: true,
      telemetry: false,
    },
  })
  return site
}
