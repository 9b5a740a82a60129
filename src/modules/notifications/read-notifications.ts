import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { countUnread, type NotificationRow, updateAllAsRead, updateAsRead } from './queries.ts'

/** @returns the notification, read now or before, and how many are left unread */
export async function readNotification(
  tx: Tx,
  { userId, at }: Actor,
  id: string,
): Promise<{ row: NotificationRow; unread: number }> {
  const row = await updateAsRead(tx, { id, userId, at })
  if (!row) throw refuse(notFound)
  return { row, unread: await countUnread(tx, userId) }
}

/** @returns the newest one that was unread until now, if any, and how many are left */
export async function readAllNotifications(
  tx: Tx,
  { userId, at }: Actor,
  { upTo }: { upTo: string | null },
): Promise<{ newest: string | null; unread: number }> {
  const newest = await updateAllAsRead(tx, { userId, upTo, at })
  return { newest, unread: await countUnread(tx, userId) }
}
