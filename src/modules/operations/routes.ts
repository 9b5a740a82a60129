import { Type } from 'typebox'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { pageQuery, readPage, toPage } from '../../platform/http/pagination.ts'
import { only } from '../../platform/http/policy.ts'
import { notFound } from '../../platform/http/refusal.ts'
import { Closed, Page, responses } from '../../platform/http/schemas.ts'
import { findDeadLetters } from '../../platform/jobs/dead-letters.ts'
import { retryJob } from './retry-job.ts'
import { DeadLetter } from './schemas.ts'

const tags = ['Operations']
const jobId = '^[1-9][0-9]{0,17}$'

export function operationsRoutes(app: App, { db, transact }: Deps): void {
  app.get(
    '/admin/jobs/dead',
    {
      config: { policy: only('admin') },
      schema: {
        operationId: 'listDeadLetters',
        summary: 'Jobs whose attempts are used up',
        tags,
        querystring: Closed(pageQuery),
        response: responses({ 200: Page(DeadLetter) }),
      },
    },
    async (request) => {
      const { limit, after } = readPage(request.query, isJobId)
      const rows = await findDeadLetters(db, { before: after, limit: limit + 1 })
      return toPage(rows, limit, (row) => row.id)
    },
  )

  app.post(
    '/admin/jobs/dead/:id/retry',
    {
      config: { policy: only('admin') },
      schema: {
        operationId: 'retryDeadLetter',
        summary: 'Give a dead letter its attempts back and run it now',
        tags,
        params: Closed({ id: Type.String({ pattern: jobId }) }),
        response: responses({ 202: Type.Null() }, notFound),
      },
    },
    async (request, reply) => {
      await transact((tx) => retryJob(tx, actorOf(request), request.params.id))
      return reply.code(202).send(null)
    },
  )
}

function isJobId(value: unknown): value is string {
  return typeof value === 'string' && new RegExp(jobId).test(value)
}
