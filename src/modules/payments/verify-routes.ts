import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { signedIn } from '../../platform/http/policy.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { responses } from '../../platform/http/schemas.ts'
import { findCourseFacts } from '../catalogue/index.ts'
import { findEnrollment, presentEnrollment } from '../enrollments/index.ts'
import { askAndSettle } from './ask-and-settle.ts'
import { gatewayFailed, gatewayNotConfigured, invalidSignature } from './errors.ts'
import { gatewayNamed } from './gateways.ts'
import { presentPayment } from './present.ts'
import { findPayment, findPaymentByReference } from './queries.ts'
import { CheckoutProof, VerifiedPayment } from './schemas.ts'

export function verifyRoutes(app: App, deps: Deps): void {
  const { db } = deps

  app.post(
    '/payments/verify',
    {
      config: { policy: signedIn },
      schema: {
        operationId: 'verifyPayment',
        summary:
          'Razorpay: what its checkout handed to the browser. Access is given at once if the money is there',
        tags: ['Enrolment and payment'],
        body: CheckoutProof,
        response: responses(
          { 200: VerifiedPayment },
          invalidSignature,
          notFound,
          gatewayFailed,
          gatewayNotConfigured,
        ),
      },
    },
    async (request) => {
      const actor = actorOf(request)
      const { razorpay_order_id: reference, razorpay_payment_id, razorpay_signature } = request.body
      const gateway = gatewayNamed(deps, 'razorpay')
      const said = { orderId: reference, paymentId: razorpay_payment_id, signature: razorpay_signature }
      if (!gateway.verifyCheckout?.(said)) throw refuse(invalidSignature)
      const payment = await findPaymentByReference(db, { gateway: 'razorpay', reference })
      if (!payment || payment.user_id !== actor.userId) throw refuse(notFound)
      // The signature tells that the checkout is done; what came, and how much, the gateway itself is asked.
      await askAndSettle(deps, payment)
      return read(payment.id)
    },
  )

  async function read(paymentId: string) {
    const payment = await findPayment(db, paymentId)
    const enrollment = payment && (await findEnrollment(db, payment.enrollment_id))
    const course = payment && (await findCourseFacts(db, payment.course_id))
    if (!payment || !enrollment || !course) throw refuse(notFound)
    return { payment: presentPayment(payment), enrollment: presentEnrollment(enrollment, course) }
  }
}
