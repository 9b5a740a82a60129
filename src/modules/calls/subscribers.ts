import { on } from '../../platform/events/events.ts'
import { userDeleted, userSuspended } from '../accounts/index.ts'
import { personBlocked } from '../friends/index.ts'
import { endCallBetween, endCallsOf } from './end-calls.ts'

export const callSubscribers = [
  on(personBlocked, 'calls.end-blocked', (tx, { payload, userId, at }) =>
    endCallBetween(tx, { userId, at }, [payload.blockerId, payload.blockedId]),
  ),
  on(userSuspended, 'calls.end-suspended', (tx, { payload, userId, at }) =>
    endCallsOf(tx, { userId, at }, payload.userId),
  ),
  on(userDeleted, 'calls.end-deleted', (tx, { payload, userId, at }) =>
    endCallsOf(tx, { userId, at }, payload.userId),
  ),
]
