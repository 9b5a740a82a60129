import { Type } from 'typebox'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { pageQuery } from '../../platform/http/pagination.ts'
import { related } from '../../platform/http/policy.ts'
import { notFound } from '../../platform/http/refusal.ts'
import { Closed, responses } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { requireChild } from '../guardians/index.ts'
import { listEnrollments } from './list-enrollments.ts'
import { EnrollmentList, EnrollmentStatus } from './schemas.ts'

/** What parents see of their children. */
export function childEnrollmentRoutes(app: App, { transact }: Deps): void {
  app.get(
    '/children/:childId/enrollments',
    {
      config: { policy: related('parent of that child', 'parent') },
      schema: {
        operationId: 'listEnrollmentsOfChild',
        summary: 'The enrollments of an own child, newest first',
        tags: ['Guardians'],
        params: Closed({ childId: Id }),
        querystring: Closed({ ...pageQuery, status: Type.Optional(EnrollmentStatus) }),
        response: responses({ 200: EnrollmentList }, notFound),
      },
    },
    async (request) => {
      const { childId } = request.params
      return transact(async (tx) => {
        await requireChild(tx, actorOf(request), { childId, what: 'enrollments' })
        return listEnrollments(tx, childId, request.query)
      })
    },
  )
}
