import { Type } from 'typebox'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { isIdKey, pageQuery, readPage, toPage } from '../../platform/http/pagination.ts'
import { only, related } from '../../platform/http/policy.ts'
import { perPerson } from '../../platform/http/rate-limits.ts'
import { notFound } from '../../platform/http/refusal.ts'
import { Closed, responses } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { assignChild } from './assign-child.ts'
import { codeInvalid } from './errors.ts'
import { makeCode } from './make-code.ts'
import { presentLink } from './present.ts'
import { listLinks } from './queries.ts'
import { redeemCode } from './redeem-code.ts'
import { removeLink } from './remove-link.ts'
import { Assignment, GuardianCode, GuardianLink, GuardianLinkList, Redemption } from './schemas.ts'

const tags = ['Guardians']
const gone = Type.Null()

export function guardianRoutes(app: App, deps: Deps): void {
  const { config, db, transact } = deps

  app.post(
    '/users/me/guardian-codes',
    {
      config: { policy: only('student') },
      schema: {
        operationId: 'makeGuardianCode',
        summary: 'A code for a parent: works once, for 24 hours',
        tags,
        response: responses({ 201: GuardianCode }),
      },
    },
    async (request, reply) => reply.code(201).send(await transact((tx) => makeCode(tx, actorOf(request)))),
  )

  app.get(
    '/users/me/guardians',
    {
      config: { policy: only('student') },
      schema: {
        operationId: 'listGuardians',
        summary: 'Who may look at the own courses, progress, scores and certificates',
        tags,
        querystring: Closed(pageQuery),
        response: responses({ 200: GuardianLinkList }),
      },
    },
    (request) => list('child_id', actorOf(request).userId, request.query),
  )

  app.delete(
    '/users/me/guardians/:parentId',
    {
      config: { policy: related('its student', 'student') },
      schema: {
        operationId: 'removeGuardian',
        summary: 'Take it back from a parent, at once',
        tags,
        params: Closed({ parentId: Id }),
        response: responses({ 204: gone }, notFound),
      },
    },
    async (request, reply) => {
      const actor = actorOf(request)
      const { parentId } = request.params
      await transact((tx) => removeLink(tx, actor, { parentId, childId: actor.userId }))
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/children',
    {
      config: { policy: only('parent'), ...perPerson(10) },
      schema: {
        operationId: 'redeemGuardianCode',
        summary: 'Become the guardian of the student who gave the code',
        tags,
        body: Redemption,
        response: responses({ 201: GuardianLink }, codeInvalid),
      },
    },
    async (request, reply) => {
      const link = await transact((tx) => redeemCode(tx, actorOf(request), request.body.code))
      return reply.code(201).send(presentLink(link, config))
    },
  )

  app.get(
    '/children',
    {
      config: { policy: only('parent') },
      schema: {
        operationId: 'listChildren',
        summary: 'The own children',
        tags,
        querystring: Closed(pageQuery),
        response: responses({ 200: GuardianLinkList }),
      },
    },
    (request) => list('parent_id', actorOf(request).userId, request.query),
  )

  app.delete(
    '/children/:childId',
    {
      config: { policy: related('parent of that child', 'parent') },
      schema: {
        operationId: 'removeChild',
        summary: 'Stop being the guardian of a child',
        tags,
        params: Closed({ childId: Id }),
        response: responses({ 204: gone }, notFound),
      },
    },
    async (request, reply) => {
      const actor = actorOf(request)
      const { childId } = request.params
      await transact((tx) => removeLink(tx, actor, { parentId: actor.userId, childId }))
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/users/:id/children',
    {
      config: { policy: only('admin') },
      schema: {
        operationId: 'assignChild',
        summary: 'Link a parent to a student without a code',
        tags,
        params: Closed({ id: Id }),
        body: Assignment,
        response: responses({ 201: GuardianLink }, notFound),
      },
    },
    async (request, reply) => {
      const pair = { parentId: request.params.id, childId: request.body.childId }
      const link = await transact((tx) => assignChild(tx, actorOf(request), pair))
      return reply.code(201).send(presentLink(link, config))
    },
  )

  app.delete(
    '/users/:id/children/:childId',
    {
      config: { policy: only('admin') },
      schema: {
        operationId: 'unassignChild',
        summary: 'End a link between a parent and a student',
        tags,
        params: Closed({ id: Id, childId: Id }),
        response: responses({ 204: gone }, notFound),
      },
    },
    async (request, reply) => {
      const { id: parentId, childId } = request.params
      await transact((tx) => removeLink(tx, actorOf(request), { parentId, childId }))
      return reply.code(204).send(null)
    },
  )

  async function list(side: 'parent_id' | 'child_id', userId: string, query: Parameters<typeof readPage>[0]) {
    const { limit, after } = readPage(query, isIdKey)
    const rows = await listLinks(db, side, userId, { after, limit: limit + 1 })
    const { items, nextCursor } = toPage(rows, limit, (row) => row.id)
    return { items: items.map((row) => presentLink(row, config)), nextCursor }
  }
}
