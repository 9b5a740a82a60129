import type { Tx } from '../../platform/database/database.ts'
import { on } from '../../platform/events/events.ts'
import { userDeleted } from '../accounts/index.ts'
import { deleteBlocksOf } from './block-queries.ts'
import { deletePairsOf } from './queries.ts'

export const friendSubscribers = [
  on(userDeleted, 'friends.erase', (tx, { payload }) => eraseTies(tx, payload.userId)),
]

async function eraseTies(tx: Tx, userId: string): Promise<void> {
  await deletePairsOf(tx, userId)
  await deleteBlocksOf(tx, userId)
}
