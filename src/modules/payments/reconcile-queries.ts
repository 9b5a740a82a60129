import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/database.ts'

/**
 * Payments whose gateway is due to be asked: at first after two minutes, then at intervals that double, so that each is asked a
 * dozen times and not a thousand. Pending ones; failed ones of the last days, since money may have come after all; captured ones of
 * the last months, since money may have gone back.
 */
export async function findDue(
  db: Db,
  { at, limit }: { at: Date; limit: number },
): Promise<{ id: string; gateway: string; reference: string }[]> {
  const { rows } = await sql<{ id: string; gateway: string; reference: string }>`
    select id, gateway, reference from payments
    where reference is not null
      and created_at <= ${at}::timestamptz - interval '2 minutes'
      and case status when 'pending' then true
        when 'failed' then created_at > ${at}::timestamptz - interval '7 days'
        when 'captured' then created_at > ${at}::timestamptz - interval '180 days'
        else false end
      and (asked_at is null
        or ${at}::timestamptz - asked_at >= greatest(interval '2 minutes', asked_at - created_at))
    order by asked_at nulls first, id
    limit ${limit}`.execute(db)
  return rows
}

export async function updateAsked(tx: Tx, id: string, at: Date): Promise<void> {
  await tx.updateTable('payments').set({ asked_at: at }).where('id', '=', id).execute()
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
