import type { Tx } from '../../platform/database/database.ts'
import { deleteCodesOf, deleteLinksOf } from './queries.ts'

/** Forgets whose guardian, or whose child, somebody was who is gone. */
export async function eraseLinks(tx: Tx, userId: string): Promise<void> {
  await deleteLinksOf(tx, userId)
  await deleteCodesOf(tx, userId)
}
