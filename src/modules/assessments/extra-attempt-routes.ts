import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { idempotencyMismatch, transactOnce } from '../../platform/http/idempotency.ts'
import { related } from '../../platform/http/policy.ts'
import { forbidden, notFound } from '../../platform/http/refusal.ts'
import { Closed, responses } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { IdempotencyHeader } from '../enrollments/index.ts'
import { ExtraAttempts, NewExtraAttempts } from './attempt-schemas.ts'
import { grantAttempts } from './grant-attempts.ts'
import { presentExtraAttempts } from './present.ts'

export function extraAttemptRoutes(app: App, { transact }: Deps): void {
  app.post(
    '/quizzes/:id/extra-attempts',
    {
      config: { policy: related('owner', 'instructor', 'admin') },
      schema: {
        operationId: 'grantAttempts',
        summary: 'Give one student more attempts at a quiz than it allows everybody',
        description:
          'Each request adds to what was given before: send an `Idempotency-Key` with one that may be repeated.',
        tags: ['Learning'],
        params: Closed({ id: Id }),
        headers: IdempotencyHeader,
        body: NewExtraAttempts,
        response: responses({ 201: ExtraAttempts }, forbidden, notFound, idempotencyMismatch),
      },
    },
    async (request, reply) => {
      const actor = actorOf(request)
      const { userId, count = 1 } = request.body
      return transactOnce(transact, actor, request, reply, async (tx) => {
        const granted = await grantAttempts(tx, actor, { quizId: request.params.id, userId, count })
        return { status: 201, body: presentExtraAttempts(granted) }
      })
    },
  )
}
