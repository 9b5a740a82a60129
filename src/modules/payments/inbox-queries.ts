import { sql } from 'kysely'
import type { Cause } from '../../platform/actor.ts'
import type { Db, Tx } from '../../platform/database/database.ts'
import { answerNotRead } from '../../platform/database/statements.ts'
import { newId } from '../../platform/ids.ts'
import type { GatewayEvent, GatewayName } from './gateway.ts'

export interface InboxRow {
  readonly id: string
  readonly gateway: GatewayName
  readonly event: GatewayEvent
  readonly received_at: Date
}

/** Stores what a gateway told; undefined where it told it before. */
export async function insertEvent(
  tx: Tx,
  { gateway, event }: { gateway: GatewayName; event: GatewayEvent },
  cause: Cause,
): Promise<string | undefined> {
  const row = await tx
    .insertInto('webhook_inbox')
    .values({
      id: newId(),
      gateway,
      event_id: event.id,
      event: JSON.stringify(event),
      received_at: cause.at,
    })
    .onConflict((conflict) => conflict.columns(['gateway', 'event_id']).doNothing())
    .returning('id')
    .executeTakeFirst()
  return row?.id
}

/** What was stored and is not acted on yet, held until the transaction ends; undefined where another was quicker. */
export async function lockOpenEvent(tx: Tx, id: string): Promise<InboxRow | undefined> {
  const { rows } = await sql<InboxRow>`
    select id, gateway, event, received_at from webhook_inbox
    where id = ${id} and processed_at is null for update`.execute(tx)
  return rows[0]
}

export async function updateProcessed(tx: Tx, id: string, outcome: string, cause: Cause): Promise<void> {
  await tx
    .updateTable('webhook_inbox')
    .set({ processed_at: cause.at, outcome })
    .where('id', '=', id)
    .modifyEnd(answerNotRead)
    .execute()
}

/** It stays open, and is not looked at again before what it waits for is there. */
export async function updateWaiting(tx: Tx, id: string): Promise<void> {
  await tx.updateTable('webhook_inbox').set({ outcome: 'waits' }).where('id', '=', id).execute()
}

/**
 * Closes what was stored before a time and is still open: nothing has become of it, or nothing that it waited for has come.
 * @returns how many
 */
export async function closeOpenEvents(tx: Tx, before: Date, cause: Cause): Promise<number> {
  const { rows } = await sql`
    update webhook_inbox set processed_at = ${cause.at}, outcome = 'given_up'
    where processed_at is null and received_at < ${before} returning id`.execute(tx)
  return rows.length
}

/** What waits for this capture to be known: reports of refunds that came before it. */
export async function findWaitingFor(
  db: Db,
  { gateway, reference }: { gateway: string; reference: string },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from webhook_inbox
    where processed_at is null and gateway = ${gateway} and event->>'kind' = 'refunded'
      and event->>'captureReference' = ${reference}`.execute(db)
  return rows.map(({ id }) => id)
}

/** What was stored before a time and is still not acted on; without what waits for a capture. */
export async function findOpenEvents(
  db: Db,
  { before, limit }: { before: Date; limit: number },
): Promise<string[]> {
  const rows = await db
    .selectFrom('webhook_inbox')
    .select('id')
    .where('processed_at', 'is', null)
    .where('outcome', 'is', null)
    .where('received_at', '<', before)
    .orderBy('received_at')
    .limit(limit)
    .execute()
  return rows.map(({ id }) => id)
}
