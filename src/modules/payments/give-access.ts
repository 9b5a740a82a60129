import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { addEntitlement, beginEnrollment } from '../enrollments/index.ts'
import { type PaymentRow, updateEnrollmentOf } from './queries.ts'

/** Gives the access that a payment pays for: to the enrollment it was made for or, where that has ended, to the live one or a new one. */
export async function giveAccess(tx: Tx, cause: Cause, payment: PaymentRow): Promise<void> {
  const entitlement = { source: 'purchase', reference: payment.id, reason: 'paid' } as const
  const addition = await addEntitlement(tx, cause, { ...entitlement, enrollmentId: payment.enrollment_id })
  if (addition !== 'impossible') return
  const { user_id: userId, course_id: courseId } = payment
  const { id: enrollmentId } = await beginEnrollment(tx, cause, { userId, courseId, reason: 'paid' })
  await updateEnrollmentOf(tx, payment.id, enrollmentId)
  await addEntitlement(tx, cause, { ...entitlement, enrollmentId })
}
