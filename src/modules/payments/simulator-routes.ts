import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { stranger } from '../../platform/http/guard.ts'
import { anyone } from '../../platform/http/policy.ts'
import { notFound } from '../../platform/http/refusal.ts'
import { Closed, responses } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { gatewayNotConfigured } from './errors.ts'
import { gatewayNamed } from './gateways.ts'
import { rememberAddress } from './own-address.ts'
import { Received, SimulatedOutcome } from './schemas.ts'
import { simulateOutcome } from './simulate-outcome.ts'

export function simulatorRoutes(app: App, deps: Deps): void {
  app.addHook('onListen', async function () {
    rememberAddress(deps, this.server.address())
  })

  app.post(
    '/payments/simulator/:paymentId',
    {
      config: { policy: anyone },
      schema: {
        operationId: 'simulatePayment',
        summary: 'Stands for the page of the simulator: the webhook follows, signed',
        tags: ['Enrolment and payment'],
        params: Closed({ paymentId: Id }),
        body: SimulatedOutcome,
        response: responses({ 202: Received }, notFound, gatewayNotConfigured),
      },
    },
    async (request, reply) => {
      gatewayNamed(deps, 'simulator')
      const input = { ...request.body, paymentId: request.params.paymentId }
      await deps.transact((tx) => simulateOutcome(tx, stranger(deps.clock), input))
      return reply.code(202).send({ received: true as const })
    },
  )
}
