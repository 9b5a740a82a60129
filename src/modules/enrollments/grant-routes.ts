import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { idempotencyMismatch, transactOnce } from '../../platform/http/idempotency.ts'
import { related } from '../../platform/http/policy.ts'
import { perPerson } from '../../platform/http/rate-limits.ts'
import { forbidden, notFound } from '../../platform/http/refusal.ts'
import { Closed, responses } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { courseClosed, courseHidden } from '../catalogue/index.ts'
import { grantEnrollment } from './grant-enrollment.ts'
import { presentEnrollment } from './present.ts'
import { Enrollment, IdempotencyHeader, NewGrant } from './schemas.ts'
import { takeBackGrant } from './take-back-grant.ts'

export function grantRoutes(app: App, { transact }: Deps): void {
  app.post(
    '/courses/:id/enrollments',
    {
      // Whom one grants a course to one sees on the roster, with the address: not to be done with everybody.
      config: { policy: related('owner', 'instructor', 'admin'), ...perPerson(120) },
      schema: {
        operationId: 'grantEnrollment',
        summary: 'Let a person into a course, whatever it costs',
        description:
          'Exactly one of `userId` and `email`. Who is in already keeps what they have and gains an entitlement that outlives a refund. 120 a minute.',
        tags: ['Enrolment and payment'],
        headers: IdempotencyHeader,
        params: Closed({ id: Id }),
        body: NewGrant,
        response: responses(
          { 200: { ...Enrollment, description: 'There was one before; it is active.' }, 201: Enrollment },
          forbidden,
          notFound,
          courseClosed,
          courseHidden,
          idempotencyMismatch,
        ),
      },
    },
    async (request, reply) => {
      const actor = actorOf(request)
      return transactOnce(transact, actor, request, reply, async (tx) => {
        const wish = { ...request.body, courseId: request.params.id }
        const { enrollment, course, begun } = await grantEnrollment(tx, actor, wish)
        return { status: begun ? 201 : 200, body: presentEnrollment(enrollment, course) }
      })
    },
  )

  app.delete(
    '/enrollments/:id/grant',
    {
      config: { policy: related('owner', 'instructor', 'admin') },
      schema: {
        operationId: 'takeBackGrant',
        summary: 'Take back what was granted, by hand or by import',
        description: 'Access ends with the last entitlement: who has paid as well keeps it.',
        tags: ['Enrolment and payment'],
        params: Closed({ id: Id }),
        response: responses({ 200: Enrollment }, notFound),
      },
    },
    async (request) => {
      const { enrollment, course } = await transact((tx) =>
        takeBackGrant(tx, actorOf(request), request.params.id),
      )
      return presentEnrollment(enrollment, course)
    },
  )
}
