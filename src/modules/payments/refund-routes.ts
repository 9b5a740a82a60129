import { Type } from 'typebox'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { idempotencyMismatch, transactOnce } from '../../platform/http/idempotency.ts'
import { only } from '../../platform/http/policy.ts'
import { notFound } from '../../platform/http/refusal.ts'
import { Closed, responses } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { IdempotencyHeader } from '../enrollments/index.ts'
import { paymentNotCaptured, refundTooLarge } from './errors.ts'
import { gatewaysOf } from './gateways.ts'
import { presentRefund } from './present.ts'
import { requestRefund } from './request-refund.ts'
import { NewRefund, Refund } from './schemas.ts'

export function refundRoutes(app: App, deps: Deps): void {
  const { transact } = deps

  app.post(
    '/payments/:id/refund',
    {
      config: { policy: only('admin') },
      schema: {
        operationId: 'refundPayment',
        summary: 'Give money back, all or a part; the access ends with the last of it',
        tags: ['Enrolment and payment'],
        headers: IdempotencyHeader,
        params: Closed({ id: Id }),
        body: Type.Optional(Type.Union([NewRefund, Type.Null()])),
        response: responses(
          { 201: { ...Refund, description: 'The gateway is being told.' } },
          notFound,
          paymentNotCaptured,
          refundTooLarge,
          idempotencyMismatch,
        ),
      },
    },
    async (request, reply) => {
      const actor = actorOf(request)
      const input = { ...(request.body ?? {}), paymentId: request.params.id, gateways: gatewaysOf(deps) }
      return transactOnce(transact, actor, request, reply, async (tx) => ({
        status: 201,
        body: presentRefund(await requestRefund(tx, actor, input)),
      }))
    },
  )
}
