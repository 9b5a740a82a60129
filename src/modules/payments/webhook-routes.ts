import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { largeBody } from '../../platform/http/body-limits.ts'
import { stranger } from '../../platform/http/guard.ts'
import { anyone } from '../../platform/http/policy.ts'
import { notFound, refuse, tooLarge } from '../../platform/http/refusal.ts'
import { Closed, responses } from '../../platform/http/schemas.ts'
import { gatewayNotConfigured, invalidSignature } from './errors.ts'
import { gatewayNamed, isGatewayName } from './gateways.ts'
import { Received } from './schemas.ts'
import { takeEvent } from './take-event.ts'

const response = responses({ 200: Received }, invalidSignature, notFound, tooLarge, gatewayNotConfigured)

const config = {
  policy: anyone,
  // Turning away a gateway that tells of a payment helps nobody; what is not signed costs a hash.
  rateLimit: false,
  documentedBody: {
    type: 'object',
    description: 'As the gateway sends it, and signs it, byte for byte. The example is of the simulator.',
    examples: [
      {
        id: 'evt_1',
        type: 'payment.captured',
        data: { paymentId: '019a3b5e-7c1d-7e2a-9f40-5b6c7d8e9f01', amount: 49900, currency: 'INR' },
      },
    ],
  },
} as const

/** Where the gateways tell what happened. What they sign is the very bytes, so only here bodies are not parsed. */
export async function webhookRoutes(app: App, deps: Deps): Promise<void> {
  await app.register(async (raw: App) => {
    raw.removeAllContentTypeParsers()
    raw.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))

    raw.post(
      '/payments/webhook/:gateway',
      {
        config,
        bodyLimit: largeBody,
        schema: {
          operationId: 'receiveWebhook',
          summary:
            'For a gateway: what happened, signed. Stored, then acted on; a repetition changes nothing',
          tags: ['Enrolment and payment'],
          params: Closed({ gateway: Type.String({ maxLength: 50 }) }),
          response,
        },
      },
      (request, reply) => receive(request.params.gateway, request, reply),
    )
    raw.post(
      '/payments/webhook',
      {
        config,
        bodyLimit: largeBody,
        schema: {
          operationId: 'receiveSimulatorWebhook',
          summary: 'The same for the simulator',
          tags: ['Enrolment and payment'],
          response,
        },
      },
      (request, reply) => receive('simulator', request, reply),
    )
  })

  async function receive(name: string, request: FastifyRequest, reply: FastifyReply) {
    if (!isGatewayName(name)) throw refuse(notFound)
    const cause = stranger(deps.clock)
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
    const event = gatewayNamed(deps, name).readWebhook(body, request.headers, cause.at)
    if (event.kind !== 'other') await deps.transact((tx) => takeEvent(tx, cause, { gateway: name, event }))
    return reply.send({ received: true as const })
  }
}
