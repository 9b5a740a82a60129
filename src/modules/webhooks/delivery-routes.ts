import { Type } from 'typebox'
import type { Db } from '../../platform/database/database.ts'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { readMoment } from '../../platform/http/moments.ts'
import { isIdKey, pageQuery, readPage, toPage } from '../../platform/http/pagination.ts'
import { only } from '../../platform/http/policy.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { Closed, responses } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { type DeliveryRow, findAttempts, findDeliveries, findDelivery } from './delivery-queries.ts'
import { Delivery, DeliveryList, DeliveryStatus, Replay, Replayed } from './delivery-schemas.ts'
import { findEndpoint } from './endpoint-queries.ts'
import { webhookDisabled } from './errors.ts'
import { presentDelivery } from './present.ts'
import { replayDelivery, replayFailed, sendTest } from './replay.ts'

const tags = ['Webhooks']
const policy = only('admin')
const params = Closed({ id: Id })
const deliveryParams = Closed({ id: Id, deliveryId: Id })
const attemptsShown = 20

export function deliveryRoutes(app: App, { db, transact }: Deps): void {
  app.get(
    '/admin/webhooks/:id/deliveries',
    {
      config: { policy },
      schema: {
        operationId: 'listWebhookDeliveries',
        summary: 'What was sent and what became of it, newest first; kept for 30 days',
        tags,
        params,
        querystring: Closed({
          ...pageQuery,
          status: Type.Optional(DeliveryStatus),
          type: Type.Optional(Type.String({ maxLength: 100 })),
        }),
        response: responses({ 200: DeliveryList }, notFound),
      },
    },
    async (request) => {
      const { status, type } = request.query
      const { limit, after } = readPage(request.query, isIdKey)
      const endpointId = request.params.id
      if (!(await findEndpoint(db, endpointId))) throw refuse(notFound)
      const rows = await findDeliveries(db, { endpointId, status, type }, { after, limit: limit + 1 })
      const { items, nextCursor } = toPage(rows, limit, (row) => row.id)
      return { items: await withAttempts(db, items), nextCursor }
    },
  )

  app.get(
    '/admin/webhooks/:id/deliveries/:deliveryId',
    {
      config: { policy },
      schema: {
        operationId: 'getWebhookDelivery',
        summary: 'One delivery with its attempts',
        tags,
        params: deliveryParams,
        response: responses({ 200: Delivery }, notFound),
      },
    },
    async ({ params: { id: endpointId, deliveryId } }) => {
      const row = await findDelivery(db, { id: deliveryId, endpointId })
      if (!row) throw refuse(notFound)
      return presentDelivery(row, await findAttempts(db, [row.id], attemptsShown))
    },
  )

  app.post(
    '/admin/webhooks/:id/deliveries/:deliveryId/replay',
    {
      config: { policy },
      schema: {
        operationId: 'replayWebhookDelivery',
        summary: 'Send a delivery again, whatever became of it, under the same id',
        tags,
        params: deliveryParams,
        response: responses({ 202: Delivery }, notFound, webhookDisabled),
      },
    },
    async (request, reply) => {
      const { id: endpointId, deliveryId } = request.params
      const row = await transact((tx) => replayDelivery(tx, actorOf(request), { endpointId, deliveryId }))
      return reply.code(202).send(presentDelivery(row, await findAttempts(db, [row.id], attemptsShown)))
    },
  )

  app.post(
    '/admin/webhooks/:id/replay',
    {
      config: { policy },
      schema: {
        operationId: 'replayFailedWebhookDeliveries',
        summary: 'Send again all that failed since a moment',
        tags,
        params,
        body: Replay,
        response: responses({ 202: Replayed }, notFound, webhookDisabled),
      },
    },
    async (request, reply) => {
      const said = { endpointId: request.params.id, since: readMoment(request.body.since, '/since') }
      const replayed = await transact((tx) => replayFailed(tx, actorOf(request), said))
      return reply.code(202).send({ replayed })
    },
  )

  app.post(
    '/admin/webhooks/:id/test',
    {
      config: { policy },
      schema: {
        operationId: 'testWebhook',
        summary: 'Send a message of the type `webhook.test`; the log shows what became of it',
        tags,
        params,
        response: responses({ 202: Delivery }, notFound, webhookDisabled),
      },
    },
    async (request, reply) => {
      const row = await transact((tx) => sendTest(tx, actorOf(request), request.params.id))
      return reply.code(202).send(presentDelivery(row, []))
    },
  )
}

async function withAttempts(db: Db, rows: readonly DeliveryRow[]): Promise<Delivery[]> {
  const attempts = await findAttempts(
    db,
    rows.map(({ id }) => id),
    attemptsShown,
  )
  return rows.map((row) => presentDelivery(row, attempts))
}
