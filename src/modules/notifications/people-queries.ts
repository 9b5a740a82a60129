import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../../platform/database/database.ts'
import { friendRequested } from '../friends/index.ts'

/** Whom a notification tells of, as the index has it; null where it is of nobody else. */
const aboutId: RawBuilder<string | null> = sql`coalesce(data ->> 'childId', data ->> 'userId')`

/** At most `limit` of what others were told of somebody. @returns how many went */
export async function deleteNotificationsAbout(
  tx: Tx,
  which: { userId: string; limit: number },
): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from notifications where id in (
      select id from notifications where ${aboutId} = ${which.userId} limit ${which.limit})`.execute(tx)
  return Number(numAffectedRows ?? 0)
}

/** What somebody was told of children who are none of these. */
export async function deleteChildNotifications(
  tx: Tx,
  which: { userId: string; except: readonly string[] },
): Promise<void> {
  await sql`
    delete from notifications
    where user_id = ${which.userId} and kind = 'child' and ${aboutId} <> all (${which.except}::text[])`.execute(
    tx,
  )
}

/** What somebody was told of a request since a moment tells of a newer one by the same person. @returns whether there is any */
export async function updateAskedAgain(
  tx: Tx,
  request: { userId: string; fromId: string; requestId: string; since: Date },
): Promise<boolean> {
  const { userId, fromId, requestId, since } = request
  const { numAffectedRows } = await sql`
    update notifications set data = data || jsonb_build_object('requestId', ${requestId}::text)
    where user_id = ${userId} and kind = 'friend_request' and data ->> 'event' = ${friendRequested.type}
      and ${aboutId} = ${fromId} and created_at > ${since}`.execute(tx)
  return numAffectedRows !== undefined && numAffectedRows > 0n
}

/** What somebody was told of messages of a conversation. @returns which of it they had not read */
export async function updateMessagesAsRead(
  tx: Tx,
  which: { userId: string; conversationId: string; at: Date },
): Promise<string[]> {
  const { userId, conversationId, at } = which
  const { rows } = await sql<{ id: string }>`
    update notifications set read_at = ${at}
    where user_id = ${userId} and in_app and read_at is null and kind = 'message'
      and data ->> 'conversationId' = ${conversationId}
    returning id`.execute(tx)
  return rows.map(({ id }) => id)
}
