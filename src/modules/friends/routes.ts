import { Type } from 'typebox'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { isIdKey, pageQuery, readPage, toPage } from '../../platform/http/pagination.ts'
import { related, signedIn } from '../../platform/http/policy.ts'
import { perPerson } from '../../platform/http/rate-limits.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { Closed, responses } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { acceptRequest } from './accept-request.ts'
import { endRequest } from './end-request.ts'
import { alreadyFriends } from './errors.ts'
import { presentFriend, presentRequest } from './present.ts'
import { findPair, listFriends, listRequests } from './queries.ts'
import { removeFriend } from './remove-friend.ts'
import { requestFriend } from './request-friend.ts'
import { Friend, FriendList, FriendRequest, FriendRequestList, NewRequest, RequestQuery } from './schemas.ts'

const tags = ['People']
const params = Closed({ id: Id })
const requestsPerDay = 100

export function friendRoutes(app: App, { config, db, transact }: Deps): void {
  app.post(
    '/friends/request',
    {
      config: { policy: signedIn, ...perPerson(requestsPerDay, 86_400) },
      schema: {
        operationId: 'requestFriend',
        summary: 'Ask somebody to be friends; who was asked by them becomes their friend by it',
        tags,
        body: NewRequest,
        response: responses(
          { 200: { ...FriendRequest, description: 'It was asked before.' }, 201: FriendRequest },
          notFound,
          alreadyFriends,
        ),
      },
    },
    async (request, reply) => {
      const actor = actorOf(request)
      return transact(async (tx) => {
        const { id, isNew } = await requestFriend(tx, actor, request.body.userId)
        const pair = await findPair(tx, actor.userId, id)
        if (!pair) throw refuse(notFound)
        reply.code(isNew ? 201 : 200)
        return presentRequest(pair, config)
      })
    },
  )

  app.get(
    '/friends/requests',
    {
      config: { policy: signedIn },
      schema: {
        operationId: 'listFriendRequests',
        summary: 'The open requests to oneself, or one’s own, newest first',
        tags,
        querystring: RequestQuery,
        response: responses({ 200: FriendRequestList }),
      },
    },
    async (request) => {
      const { limit, after } = readPage(request.query, isIdKey)
      const side = request.query.direction === 'outgoing' ? 'from_id' : 'to_id'
      const rows = await listRequests(db, side, actorOf(request).userId, { after, limit: limit + 1 })
      const { items, nextCursor } = toPage(rows, limit, (row) => row.id)
      return { items: items.map((row) => presentRequest(row, config)), nextCursor }
    },
  )

  app.post(
    '/friends/requests/:id/accept',
    {
      config: { policy: related('self') },
      schema: {
        operationId: 'acceptFriendRequest',
        summary: 'Accept a request to oneself',
        tags,
        params,
        response: responses({ 200: Friend }, notFound),
      },
    },
    async (request) => {
      const actor = actorOf(request)
      const { id } = request.params
      return transact(async (tx) => {
        await acceptRequest(tx, actor, id)
        const pair = await findPair(tx, actor.userId, id)
        if (!pair) throw refuse(notFound)
        return presentFriend(pair, config)
      })
    },
  )

  app.post(
    '/friends/requests/:id/decline',
    {
      config: { policy: related('self') },
      schema: {
        operationId: 'declineFriendRequest',
        summary: 'Decline a request to oneself',
        tags,
        params,
        response: responses({ 204: Type.Null() }, notFound),
      },
    },
    async (request, reply) => {
      const { id } = request.params
      await transact((tx) => endRequest(tx, actorOf(request), { id, as: 'addressee' }))
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/friends/requests/:id',
    {
      config: { policy: related('self') },
      schema: {
        operationId: 'withdrawFriendRequest',
        summary: 'Withdraw a request of one’s own',
        tags,
        params,
        response: responses({ 204: Type.Null() }, notFound),
      },
    },
    async (request, reply) => {
      const { id } = request.params
      await transact((tx) => endRequest(tx, actorOf(request), { id, as: 'sender' }))
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/friends',
    {
      config: { policy: signedIn },
      schema: {
        operationId: 'listFriends',
        summary: 'The own friends',
        tags,
        querystring: Closed(pageQuery),
        response: responses({ 200: FriendList }),
      },
    },
    async (request) => {
      const { limit, after } = readPage(request.query, isIdKey)
      const rows = await listFriends(db, actorOf(request).userId, { after, limit: limit + 1 })
      const { items, nextCursor } = toPage(rows, limit, (row) => row.id)
      return { items: items.map((row) => presentFriend(row, config)), nextCursor }
    },
  )

  app.delete(
    '/friends/:userId',
    {
      config: { policy: related('self') },
      schema: {
        operationId: 'removeFriend',
        summary: 'Be friends no more',
        tags,
        params: Closed({ userId: Id }),
        response: responses({ 204: Type.Null() }, notFound),
      },
    },
    async (request, reply) => {
      await transact((tx) => removeFriend(tx, actorOf(request), request.params.userId))
      return reply.code(204).send(null)
    },
  )
}
