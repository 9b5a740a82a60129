import { on } from '../../platform/events/events.ts'
import { userDeleted } from '../accounts/index.ts'
import { eraseLinks } from './erase-links.ts'

export const guardianSubscribers = [
  on(userDeleted, 'guardians.erase-links', (tx, { payload }) => eraseLinks(tx, payload.userId)),
]
