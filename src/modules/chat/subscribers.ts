import { on } from '../../platform/events/events.ts'
import { userDeleted } from '../accounts/index.ts'
import { eraseSent } from './message-queries.ts'

export const chatSubscribers = [
  on(userDeleted, 'chat.erase', (tx, { payload }) => eraseSent(tx, payload.userId)),
]
