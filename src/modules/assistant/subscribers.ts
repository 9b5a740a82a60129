import { on } from '../../platform/events/events.ts'
import { userDeleted } from '../accounts/index.ts'
import { deleteAllOf } from './queries.ts'

export const assistantSubscribers = [
  on(userDeleted, 'assistant.erase-usage', (tx, { payload }) => deleteAllOf(tx, payload.userId)),
]
