import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { isIdKey, pageQuery, readPage, toPage } from '../../platform/http/pagination.ts'
import { related } from '../../platform/http/policy.ts'
import { notFound } from '../../platform/http/refusal.ts'
import { Closed, responses } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { requireChild } from '../guardians/index.ts'
import { findLatestAttempts } from './attempt-queries.ts'
import { AttemptList } from './attempt-schemas.ts'
import { presentAttemptSummary } from './present.ts'

export function childAttemptRoutes(app: App, { db, transact }: Deps): void {
  app.get(
    '/children/:childId/attempts',
    {
      config: { policy: related('parent of that child', 'parent') },
      schema: {
        operationId: 'listAttemptsOfChild',
        summary: 'The attempts of an own child at all quizzes, newest first',
        tags: ['Guardians'],
        params: Closed({ childId: Id }),
        querystring: Closed(pageQuery),
        response: responses({ 200: AttemptList }, notFound),
      },
    },
    async (request) => {
      const { limit, after } = readPage(request.query, isIdKey)
      const { childId } = request.params
      await transact((tx) => requireChild(tx, actorOf(request), { childId, what: 'attempts' }))
      const rows = await findLatestAttempts(db, childId, { after, limit: limit + 1 })
      const { items, nextCursor } = toPage(rows, limit, (row) => row.id)
      return { items: items.map(presentAttemptSummary), nextCursor }
    },
  )
}
