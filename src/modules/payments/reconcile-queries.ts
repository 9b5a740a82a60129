import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/database.ts'

/**
 * Payments whose gateway is due to be asked: at first after two minutes, then at intervals that double, so that each is asked a
 * dozen times and not a thousand. Pending ones; failed ones of the last days, since money may have come after all; captured ones of
 * the last months, since money may have gone back. One without a reference (the process died while the checkout was opened) for as
 * long as a gateway remembers an idempotency key.
 */
export async function findDue(db: Db, { at, limit }: { at: Date; limit: number }): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from payments
    where gateway <> 'coupon'
      and created_at <= ${at}::timestamptz - interval '2 minutes'
      and created_at > ${at}::timestamptz - case when status = 'captured' then interval '180 days'
        when status = 'refunded' then interval '0'
        when reference is null then interval '23 hours' else interval '7 days' end
      and (asked_at is null
        or ${at}::timestamptz - asked_at >= greatest(interval '2 minutes', asked_at - created_at))
    order by asked_at nulls first, id
    limit ${limit}`.execute(db)
  return rows.map(({ id }) => id)
}

export async function updateAsked(tx: Tx, ids: readonly string[], at: Date): Promise<void> {
  await sql`update payments set asked_at = ${at} where id = any(${ids}::uuid[])`.execute(tx)
}

/** Payments that have waited for money for too long. */
export async function findOverdue(
  db: Db,
  { before, limit }: { before: Date; limit: number },
): Promise<string[]> {
  const rows = await db
    .selectFrom('payments')
    .select('id')
    .where('status', '=', 'pending')
    .where('created_at', '<', before)
    .orderBy('created_at')
    .limit(limit)
    .execute()
  return rows.map(({ id }) => id)
}
