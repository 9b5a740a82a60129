import { on } from '../../platform/events/events.ts'
import { userDeleted, userRoleChanged } from '../accounts/index.ts'
import { endChildhood } from './end-childhood.ts'
import { eraseLinks } from './erase-links.ts'

export const guardianSubscribers = [
  on(userRoleChanged, 'guardians.end-childhood', async (tx, { payload, userId, at }) => {
    if (payload.from === 'student') await endChildhood(tx, { userId, at }, payload.userId)
  }),
  on(userDeleted, 'guardians.erase-links', (tx, { payload }) => eraseLinks(tx, payload.userId)),
]
