import type { Deps } from '../../platform/deps.ts'
import { presentNotification } from './present.ts'
import { notificationPush } from './pushes.ts'
import { findShownByIds } from './queries.ts'

/** Sends notifications to the devices of their readers. Run again, it sends the same ids again. */
export async function pushShown({ db, sockets }: Deps, ids: readonly string[]): Promise<void> {
  for (const row of await findShownByIds(db, ids))
    await sockets.push(notificationPush, [row.user_id], presentNotification(row))
}
