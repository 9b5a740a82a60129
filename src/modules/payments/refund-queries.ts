import { type SqlBool, sql } from 'kysely'
import type { Cause } from '../../platform/actor.ts'
import type { Db, Tx } from '../../platform/database/database.ts'
import type { RefundStatus } from '../../platform/database/schema.ts'
import { newId } from '../../platform/ids.ts'

export interface RefundRow {
  readonly id: string
  readonly payment_id: string
  readonly gateway: string
  readonly capture_reference: string
  readonly amount: number
  readonly currency: string
  readonly reason: string | null
  readonly status: RefundStatus
  readonly requested_at: Date
  readonly done_at: Date | null
}

const columns = [
  'id',
  'payment_id',
  'gateway',
  'capture_reference',
  'amount',
  'currency',
  'reason',
  'status',
  'requested_at',
  'done_at',
] as const

export function findRefund(db: Db, id: string): Promise<RefundRow | undefined> {
  return db.selectFrom('refunds').select(columns).where('id', '=', id).executeTakeFirst()
}

interface CaptureKey {
  readonly gateway: string
  readonly reference: string
}

/** All refunds of a capture, the oldest first; whoever changes them holds the purchase. */
export function findRefundsOf(db: Db, { gateway, reference }: CaptureKey): Promise<RefundRow[]> {
  return db
    .selectFrom('refunds')
    .select(columns)
    .where('gateway', '=', gateway)
    .where('capture_reference', '=', reference)
    .orderBy('id')
    .execute()
}

export function insertRefund(
  tx: Tx,
  refund: CaptureKey & { paymentId: string; amount: number; currency: string; reason: string | null },
  cause: Cause,
): Promise<RefundRow> {
  return tx
    .insertInto('refunds')
    .values({
      id: newId(),
      payment_id: refund.paymentId,
      gateway: refund.gateway,
      capture_reference: refund.reference,
      amount: refund.amount,
      currency: refund.currency,
      reason: refund.reason,
      status: 'requested',
      requested_by: cause.userId,
      requested_at: cause.at,
    })
    .returning(columns)
    .executeTakeFirstOrThrow()
}

/** @returns whether it was still requested */
export async function updateRefund(
  tx: Tx,
  id: string,
  to: 'done' | 'failed',
  cause: Cause,
): Promise<boolean> {
  const row = await tx
    .updateTable('refunds')
    .set({ status: to, done_at: to === 'done' ? cause.at : null })
    .where('id', '=', id)
    .where('status', '=', 'requested')
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** Refunds that nothing has become of since a time. */
export async function findStaleRefunds(db: Db, before: Date, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('refunds')
    .select('id')
    // said in the text, for the partial index
    .where(sql<SqlBool>`status = 'requested'`)
    .where('requested_at', '<', before)
    .orderBy('requested_at')
    .limit(limit)
    .execute()
  return rows.map(({ id }) => id)
}
