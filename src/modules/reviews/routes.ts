import { Type } from 'typebox'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { isIdKey, pageQuery, readPage, toPage } from '../../platform/http/pagination.ts'
import { only, related, visitor } from '../../platform/http/policy.ts'
import { forbidden, notFound, refuse } from '../../platform/http/refusal.ts'
import { Closed, responses } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { findCourseFacts, findRating, ofCourse } from '../catalogue/index.ts'
import { findReadable } from '../enrollments/index.ts'
import { giveReview } from './give-review.ts'
import { presentRating, presentReview } from './present.ts'
import { findReview, findReviews } from './queries.ts'
import { removeReview } from './remove-review.ts'
import { NewReview, Review, ReviewList } from './schemas.ts'

const tags = ['Catalogue and content']
const params = Closed({ id: Id })

export function reviewRoutes(app: App, { config, db, pages, transact }: Deps): void {
  app.get(
    '/courses/:id/reviews',
    {
      config: { policy: visitor },
      schema: {
        operationId: 'listReviews',
        summary: 'The reviews of a course, newest first, with its rating',
        tags,
        params,
        querystring: Closed(pageQuery),
        response: responses({ 200: ReviewList }, notFound),
      },
    },
    async (request, reply) => {
      const { limit, after } = readPage(request.query, isIdKey)
      const { actor, params } = request
      return pages.answer(request, reply, async () => {
        const { id } = await findReadable(db, actor, await findCourseFacts(db, params.id))
        const rating = await findRating(db, id)
        const rows = await findReviews(db, id, { after, limit: limit + 1 })
        const { items, nextCursor } = toPage(rows, limit, (row) => row.id)
        return {
          body: {
            items: items.map((row) => presentReview(row, config)),
            nextCursor,
            ...presentRating(rating),
          },
          of: ofCourse(id),
        }
      })
    },
  )

  app.put(
    '/courses/:id/reviews/mine',
    {
      config: { policy: related('enrolled') },
      schema: {
        operationId: 'giveReview',
        summary: 'Review a course, or replace the review',
        tags,
        params,
        body: NewReview,
        response: responses(
          {
            200: { ...Review, description: 'It is replaced.' },
            201: { ...Review, description: 'It is given.' },
          },
          forbidden,
          notFound,
        ),
      },
    },
    async (request, reply) => {
      const input = { courseId: request.params.id, review: request.body }
      return transact(async (tx) => {
        const { id, isNew } = await giveReview(tx, actorOf(request), input)
        const review = await findReview(tx, id)
        if (!review) throw refuse(notFound)
        reply.code(isNew ? 201 : 200)
        return presentReview(review, config)
      })
    },
  )

  app.delete(
    '/courses/:id/reviews/mine',
    {
      config: { policy: related('enrolled') },
      schema: {
        operationId: 'takeBackReview',
        summary: 'Take back the review of a course',
        tags,
        params,
        response: responses({ 204: Type.Null() }, notFound),
      },
    },
    async (request, reply) => {
      const actor = actorOf(request)
      const which = { courseId: request.params.id, userId: actor.userId }
      await transact((tx) => removeReview(tx, actor, which))
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/reviews/:id',
    {
      config: { policy: only('admin') },
      schema: {
        operationId: 'removeReview',
        summary: 'Remove a review that should not be there',
        tags,
        params,
        response: responses({ 204: Type.Null() }, notFound),
      },
    },
    async (request, reply) => {
      await transact((tx) => removeReview(tx, actorOf(request), request.params))
      return reply.code(204).send(null)
    },
  )
}
