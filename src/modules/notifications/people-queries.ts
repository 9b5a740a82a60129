import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../../platform/database/database.ts'

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
