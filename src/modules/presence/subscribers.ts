import { on } from '../../platform/events/events.ts'
import { userDeleted, userRoleChanged } from '../accounts/index.ts'
import { courseAssigned } from '../catalogue/index.ts'
import { enrollmentCancelled } from '../enrollments/index.ts'
import { friendRemoved, personBlocked } from '../friends/index.ts'
import { deleteLastSeen } from './queries.ts'
import { announceReachChanged } from './reach-signals.ts'

export const presenceSubscribers = [
  on(friendRemoved, 'presence.stop-after-friendship', (tx, { payload }) =>
    announceReachChanged(tx, payload.userId),
  ),
  on(personBlocked, 'presence.stop-after-block', (tx, { payload }) =>
    announceReachChanged(tx, payload.blockerId),
  ),
  on(enrollmentCancelled, 'presence.stop-after-enrollment', (tx, { payload }) =>
    announceReachChanged(tx, payload.userId),
  ),
  on(courseAssigned, 'presence.stop-after-teaching', async (tx, { payload }) => {
    for (const userId of payload.removed) await announceReachChanged(tx, userId)
  }),
  on(userRoleChanged, 'presence.stop-after-role', (tx, { payload }) =>
    announceReachChanged(tx, payload.userId),
  ),
  on(userDeleted, 'presence.erase', (tx, { payload }) => deleteLastSeen(tx, payload.userId)),
]
