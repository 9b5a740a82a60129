import { Type } from 'typebox'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { stranger } from '../../platform/http/guard.ts'
import { anyone } from '../../platform/http/policy.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { Closed } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { findCourseFacts } from '../catalogue/index.ts'
import { gatewayNamed } from './gateways.ts'
import { payPageHeaders, renderPayPage } from './pay-page.ts'
import { findPayment } from './queries.ts'
import { simulateOutcome } from './simulate-outcome.ts'

const params = Closed({ paymentId: Id })
const body = Closed({ outcome: Type.Enum(['paid', 'declined']) })

/** The simulator's page; for the other gateways it shows how a payment stands, where no front end does. */
export async function paymentPages(app: App, deps: Deps): Promise<void> {
  await app.register(async (pages: App) => {
    pages.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: 1_024 },
      (_request, text, done) => done(null, Object.fromEntries(new URLSearchParams(String(text)))),
    )

    pages.get(
      '/pay/:paymentId',
      { config: { policy: anyone }, schema: { hide: true, params } },
      async (request, reply) => {
        const payment = await findPayment(deps.db, request.params.paymentId)
        const course = payment && (await findCourseFacts(deps.db, payment.course_id))
        if (!payment || !course) throw refuse(notFound)
        const html = renderPayPage({ payment, title: course.title, said: readSaid(request.query) })
        return reply.headers(payPageHeaders).type('text/html; charset=utf-8').send(html)
      },
    )

    pages.post(
      '/pay/:paymentId',
      { config: { policy: anyone }, schema: { hide: true, params, body } },
      async (request, reply) => {
        gatewayNamed(deps, 'simulator')
        const { paymentId } = request.params
        const { outcome } = request.body
        await deps.transact((tx) => simulateOutcome(tx, stranger(deps.clock), { paymentId, outcome }))
        return reply.redirect(`?said=${outcome}`, 303)
      },
    )
  })
}

function readSaid(query: unknown): 'paid' | 'declined' | null {
  const said = query && typeof query === 'object' && 'said' in query ? query.said : null
  return said === 'paid' || said === 'declined' ? said : null
}
