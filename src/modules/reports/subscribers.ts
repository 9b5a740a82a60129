import { on } from '../../platform/events/events.ts'
import {
  enrollmentActivated,
  enrollmentCancelled,
  enrollmentCompleted,
  enrollmentCreated,
} from '../enrollments/index.ts'
import { paymentCaptured, paymentRefunded } from '../payments/index.ts'
import { insertEnrollmentMove, insertMoneyMove } from './count-queries.ts'

// Their names are `reports.count-` and the last word of the event: by that the nightly job knows what is still to be counted.
const enrollment = (event: typeof enrollmentCreated, name: string) =>
  on(event, name, (tx, { type, payload, at }) =>
    insertEnrollmentMove(tx, { type, subjectId: payload.enrollmentId, at }),
  )

export const reportSubscribers = [
  enrollment(enrollmentCreated, 'reports.count-created'),
  enrollment(enrollmentActivated, 'reports.count-activated'),
  enrollment(enrollmentCompleted, 'reports.count-completed'),
  enrollment(enrollmentCancelled, 'reports.count-cancelled'),
  on(paymentCaptured, 'reports.count-captured', (tx, { type, payload, at }) =>
    insertMoneyMove(tx, { type, subjectId: payload.paymentId, at }),
  ),
  on(paymentRefunded, 'reports.count-refunded', (tx, { type, payload, at }) =>
    insertMoneyMove(tx, { type, subjectId: payload.refundId, at }),
  ),
]
