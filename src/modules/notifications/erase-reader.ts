import type { Tx } from '../../platform/database/database.ts'
import { deletePreferencesOf } from './preference-queries.ts'
import { deleteNotificationsOf } from './queries.ts'

/** Nothing stays of what a person was told and chose. */
export async function eraseReader(tx: Tx, userId: string): Promise<void> {
  await deleteNotificationsOf(tx, userId)
  await deletePreferencesOf(tx, userId)
}
