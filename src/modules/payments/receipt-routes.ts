import { Type } from 'typebox'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { related } from '../../platform/http/policy.ts'
import { notFound, type RefusalKind, refuse } from '../../platform/http/refusal.ts'
import { Closed, responses } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { findPeople } from '../accounts/index.ts'
import { findCourseTitles } from '../catalogue/index.ts'
import { requireReader } from './policy.ts'
import { findPayment } from './queries.ts'
import { renderReceipt } from './receipt.ts'
import { hasReceipt } from './receipt-rules.ts'

const notCaptured: RefusalKind = {
  status: 409,
  code: 'not_captured',
  title: 'Nothing was paid, so there is no receipt.',
}

export function receiptRoutes(app: App, { db, config }: Deps): void {
  app.get(
    '/payments/:id/receipt',
    {
      config: { policy: related('its student, admin') },
      schema: {
        operationId: 'getReceipt',
        summary: 'The receipt of a payment, as PDF',
        tags: ['Enrolment and payment'],
        params: Closed({ id: Id }),
        produces: ['application/pdf'],
        response: responses(
          { 200: Type.Unsafe<unknown>({ type: 'string', format: 'binary' }) },
          notFound,
          notCaptured,
        ),
      },
    },
    async (request, reply) => {
      const payment = requireReader(actorOf(request), await findPayment(db, request.params.id))
      if (!hasReceipt(payment.status) || payment.captured_at === null) throw refuse(notCaptured)
      const [course] = await findCourseTitles(db, [payment.course_id])
      const [person = null] = await findPeople(db, [payment.user_id])
      const receipt = await renderReceipt({
        school: config.schoolName,
        payment,
        capturedAt: payment.captured_at,
        courseTitle: course?.title ?? '',
        person,
      })
      reply.header('content-disposition', `attachment; filename="receipt-${payment.id}.pdf"`)
      reply.header('cache-control', 'private, no-store')
      return reply.type('application/pdf').send(receipt)
    },
  )
}
