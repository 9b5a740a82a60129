import { on, type Subscriber } from '../../platform/events/events.ts'
import { userDeleted } from '../accounts/index.ts'
import { enrollmentCancelled, enrollmentCompleted } from '../enrollments/index.ts'
import { certifyCompletion } from './certify-completion.ts'
import { eraseHolder } from './erase-holder.ts'
import { revokeWithEnrollment } from './revoke-certificate.ts'

export const certificateSubscribers: readonly Subscriber[] = [
  on(enrollmentCompleted, 'certificates.issue', (tx, fact, { config }) =>
    certifyCompletion(tx, fact, { ...fact.payload, config }),
  ),
  on(enrollmentCancelled, 'certificates.revoke', (tx, fact, { config }) =>
    revokeWithEnrollment(tx, fact, { enrollmentId: fact.payload.enrollmentId, config }),
  ),
  on(userDeleted, 'certificates.erase-holder', (tx, fact, { config }) =>
    eraseHolder(tx, fact, { userId: fact.payload.userId, config }),
  ),
]
