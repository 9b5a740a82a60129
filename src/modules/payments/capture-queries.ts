import { sql } from 'kysely'
import type { Cause } from '../../platform/actor.ts'
import type { Db, Tx } from '../../platform/database/database.ts'
import { answerNotRead } from '../../platform/database/statements.ts'
import type { Money } from '../../platform/money.ts'
import type { Verdict } from './rules.ts'

export interface CaptureRow {
  readonly gateway: string
  readonly capture_reference: string
  readonly payment_id: string
  readonly amount: number
  readonly currency: string
  readonly verdict: string
}

const columns = ['gateway', 'capture_reference', 'payment_id', 'amount', 'currency', 'verdict'] as const

/** Each piece of money is noted once; the caller holds the purchase. */
export async function insertCapture(
  tx: Tx,
  capture: { gateway: string; reference: string; paymentId: string; money: Money; verdict: Verdict },
  cause: Cause,
): Promise<void> {
  await tx
    .insertInto('payment_captures')
    .values({
      gateway: capture.gateway,
      capture_reference: capture.reference,
      payment_id: capture.paymentId,
      amount: capture.money.amount,
      currency: capture.money.currency,
      verdict: capture.verdict,
      captured_at: cause.at,
    })
    .modifyEnd(answerNotRead)
    .execute()
}

/** All that was ever taken for a payment: what pays for nothing before what pays, the oldest first. */
export function findCapturesOf(db: Db, paymentId: string): Promise<CaptureRow[]> {
  return db
    .selectFrom('payment_captures')
    .select(columns)
    .where('payment_id', '=', paymentId)
    .orderBy(sql`verdict = 'pays'`)
    .orderBy('captured_at')
    .orderBy('capture_reference')
    .execute()
}

export function findCapture(
  db: Db,
  { gateway, reference }: { gateway: string; reference: string },
): Promise<CaptureRow | undefined> {
  return db
    .selectFrom('payment_captures')
    .select(columns)
    .where('gateway', '=', gateway)
    .where('capture_reference', '=', reference)
    .executeTakeFirst()
}
