import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { idempotencyMismatch, transactOnce } from '../../platform/http/idempotency.ts'
import { pageQuery } from '../../platform/http/pagination.ts'
import { related, signedIn } from '../../platform/http/policy.ts'
import { notFound } from '../../platform/http/refusal.ts'
import { Closed, responses } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { IdempotencyHeader } from '../enrollments/index.ts'
import { findReachable } from './find-reachable.ts'
import { limitMessages } from './limit-messages.ts'
import { listOwnConversations } from './list-conversations.ts'
import { markRead } from './mark-read.ts'
import { presentMessage } from './present.ts'
import { pushMessage, pushRead } from './pushes.ts'
import { readHistory } from './read-history.ts'
import {
  ConversationList,
  HistoryQuery,
  Message,
  MessageList,
  NewMessage,
  NewReadMark,
  ReadMark,
} from './schemas.ts'
import { sendMessage } from './send-message.ts'

const tags = ['People']
const params = Closed({ userId: Id })
const policy = related('friends, or teacher and student of one course')
const defaultLimit = 20
const afterAll = 2_147_483_647

export function chatRoutes(app: App, deps: Deps): void {
  const { config, db, sockets, transact } = deps

  app.get(
    '/chat/conversations',
    {
      config: { policy: signedIn },
      schema: {
        operationId: 'listConversations',
        summary: 'The own conversations, the last active first',
        tags,
        querystring: Closed(pageQuery),
        response: responses({ 200: ConversationList }),
      },
    },
    (request) => listOwnConversations(deps, actorOf(request), request.query),
  )

  app.get(
    '/chat/history/:userId',
    {
      config: { policy },
      schema: {
        operationId: 'readChatHistory',
        summary: 'What was said with somebody, the last first',
        description:
          'After a time away: `?after=` the last sequence that one has, then with `&cursor=` on until `nextCursor` is null.',
        tags,
        params,
        querystring: HistoryQuery,
        response: responses({ 200: MessageList }, notFound),
      },
    },
    async (request) => {
      const actor = actorOf(request)
      const { limit = defaultLimit, after = 0, before = afterAll, cursor = afterAll } = request.query
      const otherId = request.params.userId
      const range = { otherId, after, before: Math.min(before, cursor), limit: limit + 1 }
      const rows = await readHistory(db, actor, range)
      const view = { people: [actor.userId, otherId], at: actor.at } as const
      return {
        items: rows.slice(0, limit).map((row) => presentMessage(row, view, config)),
        nextCursor: rows.length > limit ? String(rows[limit - 1]?.sequence) : null,
      }
    },
  )

  app.post(
    '/chat/messages/:userId',
    {
      config: { policy },
      schema: {
        operationId: 'sendMessage',
        summary: 'Say something to somebody',
        tags,
        params,
        headers: IdempotencyHeader,
        body: NewMessage,
        response: responses(
          { 200: { ...Message, description: 'It was sent before, under this clientId.' }, 201: Message },
          notFound,
          idempotencyMismatch,
        ),
      },
    },
    async (request, reply) => {
      const actor = actorOf(request)
      const to = request.params.userId
      await limitMessages(deps, actor)
      let sentNow = false
      const message = await transactOnce(transact, actor, request, reply, async (tx) => {
        const { message, isNew } = await sendMessage(tx, actor, { ...request.body, to })
        sentNow = true
        const view = { people: [actor.userId, to], at: actor.at } as const
        return { status: isNew ? 201 : 200, body: presentMessage(message, view, config) }
      })
      // An answer that is repeated for its Idempotency-Key asked nobody whether the other one is still within reach.
      if (sentNow || (await findReachable(db, actor, [to])).has(to)) await pushMessage(sockets, message)
      return message
    },
  )

  app.post(
    '/chat/read/:userId',
    {
      config: { policy },
      schema: {
        operationId: 'markRead',
        summary: 'Have read what somebody said, up to a message',
        tags,
        params,
        body: NewReadMark,
        response: responses({ 200: ReadMark }, notFound),
      },
    },
    async (request) => {
      const actor = actorOf(request)
      const otherId = request.params.userId
      const mark = await transact((tx) => markRead(tx, actor, { otherId, upTo: request.body?.upTo }))
      await pushRead(sockets, { ...mark, by: actor.userId, otherId, readAt: actor.at })
      return mark
    },
  )
}
