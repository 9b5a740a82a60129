import type { NotificationRow } from './queries.ts'
import type { Notification } from './schemas.ts'

export function presentNotification(row: NotificationRow): Notification {
  const { id, kind, title, body, data, read_at, created_at } = row
  return {
    id,
    kind,
    title,
    body,
    data: data as Notification['data'],
    read: read_at !== null,
    createdAt: created_at,
  }
}
