import { sql } from 'kysely'
import type { Tx } from '../database/database.ts'

/**
 * Deletes some of the events that happened before a moment, with the records of their deliveries. What is in the audit log stays, and so
 * does what waits for its subscribers, or what a job still wants to deliver, a dead letter among them.
 * @returns how many went: as many as `limit`, and there may be more
 */
export async function deleteOldEvents(tx: Tx, which: { before: Date; limit: number }): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from events where id in (
      select id from events
      where not audited and occurred_at < ${which.before} and id::text not in (
        select payload ->> 'eventId' from graphile_worker._private_jobs where payload ->> 'eventId' is not null)
        and not exists (select from waiting_events where event_id = events.id)
      order by occurred_at limit ${which.limit})`.execute(tx)
  return Number(numAffectedRows ?? 0)
}
