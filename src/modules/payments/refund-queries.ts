import { sql } from 'kysely'
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

/** By then the job that was queued with it has been tried a dozen times. */
const firstWaitMs = 86_400_000

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

/** With what the money was that goes back. */
export interface JudgedRefundRow extends RefundRow {
  readonly verdict: string
}

/** All refunds of a payment, of whatever capture, the oldest first. */
export function findRefundsOfPayment(db: Db, paymentId: string): Promise<JudgedRefundRow[]> {
  return selectJudged(db).where('payment_id', '=', paymentId).orderBy('id').execute()
}

/** All refunds of a person's payments, the oldest first. */
export function findRefundsOfUser(db: Db, userId: string): Promise<JudgedRefundRow[]> {
  const own = db.selectFrom('payments').select('id').where('user_id', '=', userId)
  return selectJudged(db).where('payment_id', 'in', own).orderBy('id').execute()
}

function selectJudged(db: Db) {
  const verdict = sql<string>`(
    select verdict from payment_captures c
    where c.gateway = refunds.gateway and c.capture_reference = refunds.capture_reference)`
  return db.selectFrom('refunds').select([...columns, verdict.as('verdict')])
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
      due_at: new Date(cause.at.getTime() + firstWaitMs),
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

/**
 * Refunds that are to be sent again, nothing having become of them, and says when next: at intervals that double.
 * @returns their ids
 */
export async function takeDueRefunds(tx: Tx, { at, limit }: { at: Date; limit: number }): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    update refunds set due_at = ${at}::timestamptz + (${at}::timestamptz - requested_at)
    where id in (
      select id from refunds where status = 'requested' and due_at <= ${at}
      order by due_at limit ${limit} for no key update skip locked)
    returning id`.execute(tx)
  return rows.map(({ id }) => id)
}
