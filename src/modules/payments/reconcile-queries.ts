import { type SqlBool, sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/database.ts'

/** Payments whose gateway is due to be asked, those that wait for longest first. */
export async function findDue(db: Db, { at, limit }: { at: Date; limit: number }): Promise<string[]> {
  const rows = await db
    .selectFrom('payments')
    .select('id')
    .where('due_at', '<=', at)
    .orderBy('due_at')
    .limit(limit)
    .execute()
  return rows.map(({ id }) => id)
}

/**
 * Says when these, which are being asked about, are due again: at intervals that double, so that each is asked about a dozen times and
 * not a thousand. Pending and failed ones for days, since money may come after all; those that were captured for months, since money
 * may go back, or come a second time. One without a reference (the process died while the checkout was opened) for as long as a
 * gateway remembers an idempotency key.
 */
export async function updateDue(tx: Tx, ids: readonly string[], at: Date): Promise<void> {
  await sql`
    update payments set due_at = case
      when next.at < created_at + case when captured_at is not null then interval '180 days'
        when reference is null then interval '23 hours' else interval '7 days' end
      then next.at end
    from (select id as payment_id, ${at}::timestamptz + greatest(interval '2 minutes', ${at}::timestamptz - created_at) as at
      from payments where id = any(${ids}::uuid[])) as next
    where id = next.payment_id`.execute(tx)
}

/** Nothing was ever opened for it, so that there is nothing to ask about. */
export async function updateNotDue(tx: Tx, id: string): Promise<void> {
  await tx.updateTable('payments').set({ due_at: null }).where('id', '=', id).execute()
}

/** Payments that have waited for money for too long. */
export async function findOverdue(
  db: Db,
  { before, limit }: { before: Date; limit: number },
): Promise<string[]> {
  const rows = await db
    .selectFrom('payments')
    .select('id')
    // said in the text, for the partial index
    .where(sql<SqlBool>`status = 'pending'`)
    .where('created_at', '<', before)
    .orderBy('created_at')
    .limit(limit)
    .execute()
  return rows.map(({ id }) => id)
}
