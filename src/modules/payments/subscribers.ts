import { on, type Subscriber } from '../../platform/events/events.ts'
import { enrollmentActivated, enrollmentCancelled } from '../enrollments/index.ts'
import { failPending } from './fail-payment.ts'
import { lockPurchase } from './queries.ts'
import { findStanding } from './standing-purchase.ts'

export const paymentSubscribers: readonly Subscriber[] = [
  // By a person, or by the job that ends what was left pending. Money that comes after all is honoured.
  on(enrollmentCancelled, 'payments.fail-pending', async (tx, { payload, userId, at }) => {
    await lockPurchase(tx, payload)
    const reason = userId === null ? 'expired' : 'enrollment_cancelled'
    const purchase = { userId: payload.userId, courseId: payload.courseId }
    await failPending(tx, { userId, at }, { purchase, enrollmentId: payload.enrollmentId, reason })
    await findStanding(tx, purchase)
  }),
  // By a grant, or since the course costs nothing any more: nobody is to pay for what they have.
  on(enrollmentActivated, 'payments.supersede-pending', async (tx, { payload, userId, at }) => {
    const { enrollmentId, ...purchase } = payload
    await lockPurchase(tx, purchase)
    await failPending(tx, { userId, at }, { purchase, enrollmentId, reason: 'superseded' })
  }),
]
