import { Type } from 'typebox'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { isIdKey, pageQuery, readPage, toPage } from '../../platform/http/pagination.ts'
import { only } from '../../platform/http/policy.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { Closed, responses } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { changeWebhook } from './change-webhook.ts'
import { createWebhook } from './create-webhook.ts'
import { deleteWebhook } from './delete-webhook.ts'
import { findEndpoint, findEndpoints } from './endpoint-queries.ts'
import { webhookLimit } from './errors.ts'
import { presentWebhook } from './present.ts'
import { rotateSecret } from './rotate-secret.ts'
import {
  NewWebhook,
  SecretRotation,
  Webhook,
  WebhookChange,
  WebhookList,
  WebhookWithSecret,
} from './schemas.ts'

const tags = ['Webhooks']
const policy = only('admin')
const params = Closed({ id: Id })

export function endpointRoutes(app: App, { config, db, transact, clock }: Deps): void {
  app.post(
    '/admin/webhooks',
    {
      config: { policy },
      schema: {
        operationId: 'createWebhook',
        summary: 'Have another program told of events',
        description:
          'Messages are signed as Standard Webhooks says. `docs/webhooks.md` shows how to verify them; *webhooks* in this reference, what they hold.',
        tags,
        body: NewWebhook,
        response: responses({ 201: WebhookWithSecret }, webhookLimit),
      },
    },
    async (request, reply) => {
      const actor = actorOf(request)
      const { endpoint, secret } = await transact((tx) =>
        createWebhook(tx, actor, { ...request.body, config }),
      )
      return reply.code(201).send({ ...presentWebhook(endpoint, actor.at), secret })
    },
  )

  app.get(
    '/admin/webhooks',
    {
      config: { policy },
      schema: {
        operationId: 'listWebhooks',
        summary: 'Who is told of what, newest first',
        tags,
        querystring: Closed(pageQuery),
        response: responses({ 200: WebhookList }),
      },
    },
    async (request) => {
      const { limit, after } = readPage(request.query, isIdKey)
      const rows = await findEndpoints(db, { after, limit: limit + 1 })
      const { items, nextCursor } = toPage(rows, limit, (row) => row.id)
      return { items: items.map((row) => presentWebhook(row, clock.now())), nextCursor }
    },
  )

  app.get(
    '/admin/webhooks/:id',
    {
      config: { policy },
      schema: {
        operationId: 'getWebhook',
        summary: 'One webhook, and how it is',
        tags,
        params,
        response: responses({ 200: Webhook }, notFound),
      },
    },
    async (request) => {
      const endpoint = await findEndpoint(db, request.params.id)
      if (!endpoint) throw refuse(notFound)
      return presentWebhook(endpoint, clock.now())
    },
  )

  app.patch(
    '/admin/webhooks/:id',
    {
      config: { policy },
      schema: {
        operationId: 'changeWebhook',
        summary: 'Change what goes where, disable or enable it',
        tags,
        params,
        body: WebhookChange,
        response: responses({ 200: Webhook }, notFound),
      },
    },
    async (request) => {
      const actor = actorOf(request)
      const change = { ...request.body, id: request.params.id, config }
      return presentWebhook(await transact((tx) => changeWebhook(tx, actor, change)), actor.at)
    },
  )

  app.delete(
    '/admin/webhooks/:id',
    {
      config: { policy },
      schema: {
        operationId: 'deleteWebhook',
        summary: 'Delete a webhook, its log and what waits to be sent',
        tags,
        params,
        response: responses({ 204: Type.Null() }, notFound),
      },
    },
    async (request, reply) => {
      await transact((tx) => deleteWebhook(tx, actorOf(request), request.params.id))
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/admin/webhooks/:id/rotate-secret',
    {
      config: { policy },
      schema: {
        operationId: 'rotateWebhookSecret',
        summary: 'Another secret; for 24 hours the one before signs beside it',
        description: 'Twice in a row puts an end to a secret at once: only the last two sign.',
        tags,
        params,
        body: SecretRotation,
        response: responses({ 200: WebhookWithSecret }, notFound),
      },
    },
    async (request) => {
      const actor = actorOf(request)
      const said = { id: request.params.id, secret: request.body?.secret, config }
      const { endpoint, secret } = await transact((tx) => rotateSecret(tx, actor, said))
      return { ...presentWebhook(endpoint, actor.at), secret }
    },
  )
}
