import { Type } from 'typebox'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { isIdKey, pageQuery, readPage, toPage } from '../../platform/http/pagination.ts'
import { related, signedIn } from '../../platform/http/policy.ts'
import { notFound } from '../../platform/http/refusal.ts'
import { Closed, responses } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { Kind } from './kinds.ts'
import { presentNotification } from './present.ts'
import { notificationReadPush } from './pushes.ts'
import { countUnread, findNotifications } from './queries.ts'
import { readAllNotifications, readNotification } from './read-notifications.ts'
import { Notification, NotificationList, ReadAll, UnreadCount } from './schemas.ts'

const tags = ['Notifications']

export function notificationRoutes(app: App, { db, transact, sockets }: Deps): void {
  app.get(
    '/notifications',
    {
      config: { policy: signedIn },
      schema: {
        operationId: 'listNotifications',
        summary: 'What one was told, newest first',
        tags,
        querystring: Closed({
          ...pageQuery,
          unread: Type.Optional(
            Type.Boolean({ description: 'Only what is not read yet; false: only what is.' }),
          ),
          kind: Type.Optional(Kind),
        }),
        response: responses({ 200: NotificationList }),
      },
    },
    async (request) => {
      const { userId } = actorOf(request)
      const { limit, after } = readPage(request.query, isIdKey)
      const rows = await findNotifications(db, userId, request.query, { after, limit: limit + 1 })
      const { items, nextCursor } = toPage(rows, limit, (row) => row.id)
      return { items: items.map(presentNotification), nextCursor }
    },
  )

  app.get(
    '/notifications/unread-count',
    {
      config: { policy: signedIn },
      schema: {
        operationId: 'countUnreadNotifications',
        summary: 'How many notifications are not read yet',
        tags,
        response: responses({ 200: UnreadCount }),
      },
    },
    async (request) => ({ count: await countUnread(db, actorOf(request).userId) }),
  )

  app.post(
    '/notifications/:id/read',
    {
      config: { policy: related('self') },
      schema: {
        operationId: 'readNotification',
        summary: 'Mark a notification as read; one that is read stays as it is',
        tags,
        params: Closed({ id: Id }),
        response: responses({ 200: Notification }, notFound),
      },
    },
    async (request) => {
      const actor = actorOf(request)
      const { row, unread } = await transact((tx) => readNotification(tx, actor, request.params.id))
      await sockets.push(notificationReadPush, [actor.userId], { ids: [row.id], unread })
      return presentNotification(row)
    },
  )

  app.post(
    '/notifications/read-all',
    {
      config: { policy: signedIn },
      schema: {
        operationId: 'readAllNotifications',
        summary: 'Mark all notifications as read, or those up to one; how many are left unread',
        tags,
        body: ReadAll,
        response: responses({ 200: UnreadCount }),
      },
    },
    async (request) => {
      const actor = actorOf(request)
      const upTo = request.body?.upTo ?? null
      const { newest, unread } = await transact((tx) => readAllNotifications(tx, actor, { upTo }))
      if (newest !== null) await sockets.push(notificationReadPush, [actor.userId], { upTo: newest, unread })
      return { count: unread }
    },
  )
}
