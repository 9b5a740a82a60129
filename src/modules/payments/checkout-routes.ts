import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { idempotencyMismatch, transactOnce } from '../../platform/http/idempotency.ts'
import { anyone, related, signedIn } from '../../platform/http/policy.ts'
import { notFound } from '../../platform/http/refusal.ts'
import { Closed, responses } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { courseClosed, courseHidden } from '../catalogue/index.ts'
import { alreadyEnrolled, IdempotencyHeader } from '../enrollments/index.ts'
import { couponExhausted } from './coupon-errors.ts'
import {
  amountNotPayable,
  courseFree,
  gatewayFailed,
  gatewayNotConfigured,
  gatewayRefused,
  paymentOver,
} from './errors.ts'
import { chooseGateway, gatewaysOf } from './gateways.ts'
import { readyCheckout } from './open-checkout.ts'
import { requireReader } from './policy.ts'
import { presentPayment, presentWithRefunds } from './present.ts'
import { findPayment } from './queries.ts'
import { recordPayment } from './record-payment.ts'
import { findRefundsOfPayment } from './refund-queries.ts'
import { CreatedPayment, Gateways, NewPayment, PaymentWithRefunds } from './schemas.ts'

const tags = ['Enrolment and payment']

export function checkoutRoutes(app: App, deps: Deps): void {
  const { db, transact } = deps

  app.get(
    '/payments/gateways',
    {
      config: { policy: anyone },
      schema: {
        operationId: 'listGateways',
        summary: 'The payment gateways that are configured, the preferred one first',
        tags,
        response: responses({ 200: Gateways }),
      },
    },
    async () => ({ gateways: gatewaysOf(deps).map(({ name, publicKey }) => ({ name, publicKey })) }),
  )

  app.post(
    '/payments/create',
    {
      config: { policy: signedIn },
      schema: {
        operationId: 'createPayment',
        summary: 'Pay for a course: the price is the course’s, the checkout the gateway’s',
        tags,
        headers: IdempotencyHeader,
        body: NewPayment,
        response: responses(
          {
            200: { ...CreatedPayment, description: 'It was paid before: access is back.' },
            201: CreatedPayment,
          },
          notFound,
          courseFree,
          courseClosed,
          courseHidden,
          alreadyEnrolled,
          couponExhausted,
          amountNotPayable,
          paymentOver,
          idempotencyMismatch,
          gatewayFailed,
          gatewayRefused,
          gatewayNotConfigured,
        ),
      },
    },
    async (request, reply) => {
      const actor = actorOf(request)
      const { gateway, ...wish } = request.body
      const chosen = chooseGateway(deps, gateway)
      // The gateway is not called inside the transaction: what is kept under the key is which payment it is. A repetition answers
      // that payment as it stands, and opens its checkout where the first request did not get as far.
      let fresh = false
      const { paymentId } = await transactOnce(transact, actor, request, reply, async (tx) => {
        const { payment, begun } = await recordPayment(tx, actor, { ...wish, gateway: chosen })
        fresh = true
        return { status: begun ? 201 : 200, body: { paymentId: payment.id } }
      })
      const { payment, checkout } = await readyCheckout(deps, paymentId, { fresh })
      return { payment: presentPayment(payment), ...(checkout ? { checkout } : {}) }
    },
  )

  app.get(
    '/payments/:id',
    {
      config: { policy: related('its student, admin') },
      schema: {
        operationId: 'readPayment',
        summary: 'One payment, with what went back of it',
        tags,
        params: Closed({ id: Id }),
        response: responses({ 200: PaymentWithRefunds }, notFound),
      },
    },
    async (request) => {
      const payment = requireReader(actorOf(request), await findPayment(db, request.params.id))
      return presentWithRefunds(payment, await findRefundsOfPayment(db, payment.id))
    },
  )
}
