import { on } from '../../platform/events/events.ts'
import { userDeleted } from '../accounts/index.ts'
import { eraseProgress } from './erase-progress.ts'

export const learningSubscribers = [
  on(userDeleted, 'learning.erase-progress', (tx, { payload }) => eraseProgress(tx, payload.userId)),
]
