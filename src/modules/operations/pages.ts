import { setTimeout as wait } from 'node:timers/promises'
import { sql } from 'kysely'
import { Type } from 'typebox'
import { isSameSecret } from '../../platform/constant-time.ts'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { readBearer } from '../../platform/http/guard.ts'
import { anyone } from '../../platform/http/policy.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { Closed } from '../../platform/http/schemas.ts'
import { registerMailboxPage } from '../../platform/mail/mailbox-routes.ts'
import { exampleRoutes, hasExample } from './example-routes.ts'
import { renderLanding } from './landing.ts'
import { Health, Readiness } from './schemas.ts'

/** How long a balancer may take to see that nothing more is to come here; until then all is answered. */
const noticeMs = 4_000
const tags = ['Operations']
const loopback = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1'])

export function operationsPages(app: App, deps: Deps): void {
  const { config, cache, db, metrics, mailbox, replica } = deps
  // Whoever reaches the mailbox can read every link in it, so it is never shown in production.
  const shownMailbox = config.production ? null : mailbox
  if (shownMailbox) registerMailboxPage(app, shownMailbox)
  const example = !config.production && hasExample
  if (example) exampleRoutes(app)

  let closing = false
  app.addHook('preClose', async () => {
    closing = true
    if (config.trustProxy !== false) await wait(noticeMs)
  })

  app.get('/', { config: { policy: anyone }, schema: { hide: true } }, async (_request, reply) => {
    const page = renderLanding({ mailbox: shownMailbox !== null, example })
    return reply.headers(page.headers).type('text/html; charset=utf-8').send(page.html)
  })

  // Browsers ask for it on every page, and complain in the console where it is missing.
  app.get('/favicon.ico', { config: { policy: anyone }, schema: { hide: true } }, async (_request, reply) =>
    reply.header('cache-control', 'public, max-age=86400').code(204).send(),
  )

  app.get(
    '/healthz',
    {
      config: { policy: anyone, rateLimit: false },
      schema: { operationId: 'health', summary: 'Is the process alive?', tags, response: { 200: Health } },
    },
    async () => ({ status: 'ok' as const }),
  )

  app.get(
    '/readyz',
    {
      config: { policy: anyone, rateLimit: false },
      schema: {
        operationId: 'readiness',
        summary: 'Do the database and the cache answer?',
        description:
          'For a balancer in front of several nodes ask with `exclude=cache`: without Redis nodes go on, each for itself, and all lack it at once.',
        tags,
        querystring: Closed({ exclude: Type.Optional(Type.Literal('cache')) }),
        response: {
          200: Readiness,
          503: { ...Readiness, description: 'Not all of it does, or the node is closing.' },
        },
      },
    },
    async ({ query: { exclude } }, reply) => {
      const [database, cached] = await Promise.all([
        answers(sql`select 1`.execute(db)),
        answers(cache.ping()),
      ])
      const ready = database === 'ok' && (cached === 'ok' || exclude === 'cache') && !closing
      reply.code(ready ? 200 : 503)
      const standby = replica.state()
      return {
        status: ready ? ('ready' as const) : ('not_ready' as const),
        database,
        cache: cached,
        ...(standby === 'none' ? {} : { replica: standby }),
      }
    },
  )

  app.get(
    '/metrics',
    { config: { policy: anyone, rateLimit: false }, schema: { hide: true } },
    async (request, reply) => {
      const bearer = readBearer(request)
      // Not the forwarded address: behind a proxy everybody would look local, or claim to be.
      const local =
        loopback.has(request.socket.remoteAddress ?? '') && request.headers['x-forwarded-for'] === undefined
      const allowed = config.metricsToken
        ? bearer !== null && isSameSecret(bearer, config.metricsToken)
        : local
      if (!allowed) throw refuse(notFound)
      const { text, contentType } = await metrics.expose()
      return reply.type(contentType).send(text)
    },
  )
}

const patienceMs = 2_000

async function answers(question: Promise<unknown>): Promise<'ok' | 'failed'> {
  const { promise: tooLate, resolve } = Promise.withResolvers<'failed'>()
  const timer = setTimeout(resolve, patienceMs, 'failed')
  const answer = question.then(
    () => 'ok' as const,
    () => 'failed' as const,
  )
  try {
    return await Promise.race([answer, tooLate])
  } finally {
    clearTimeout(timer)
  }
}
