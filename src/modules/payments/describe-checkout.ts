import type { Deps } from '../../platform/deps.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { findPeople } from '../accounts/index.ts'
import { findCourseFacts } from '../catalogue/index.ts'
import type { CheckoutRequest } from './gateway.ts'
import type { PaymentRow } from './queries.ts'

/** What a gateway is told of a payment. */
export async function describeCheckout(
  { db, config }: Pick<Deps, 'db' | 'config'>,
  payment: PaymentRow,
): Promise<CheckoutRequest> {
  const course = await findCourseFacts(db, payment.course_id)
  const [user] = await findPeople(db, [payment.user_id])
  if (!course) throw refuse(notFound)
  const { id: paymentId, amount, currency } = payment
  const [frontEnd] = config.corsOrigins
  // Where there is no front end the page that shows how the payment stands.
  const back = (outcome: string) =>
    frontEnd
      ? `${frontEnd}/courses/${course.slug}?payment=${paymentId}&outcome=${outcome}`
      : `${config.publicUrl}/pay/${paymentId}`
  return {
    paymentId,
    amount: { amount, currency },
    title: course.title,
    email: user?.email ?? null,
    successUrl: back('paid'),
    cancelUrl: back('cancelled'),
  }
}
