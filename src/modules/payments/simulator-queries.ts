import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/database.ts'

/** The simulator's own books, as a gateway keeps them: what was paid there, and what was given back. */
export interface SimulatedRow {
  readonly outcome: 'paid' | 'declined'
  readonly amount: number
  readonly currency: string
  readonly refunded: number
}

export async function findSimulated(db: Db, paymentId: string): Promise<SimulatedRow | undefined> {
  const { rows } = await sql<SimulatedRow>`
    select outcome, amount, currency,
      (select coalesce(sum(simulator_refunds.amount), 0)::bigint from simulator_refunds
       where simulator_refunds.payment_id = simulator_payments.payment_id) as refunded
    from simulator_payments where payment_id = ${paymentId}`.execute(db)
  return rows[0]
}

/** What was decided on the page. Paid is for good; who declined may still pay. */
export async function insertSimulated(
  tx: Tx,
  said: { paymentId: string; outcome: 'paid' | 'declined'; amount: number; currency: string; at: Date },
): Promise<void> {
  const { paymentId, outcome, amount, currency, at } = said
  await tx
    .insertInto('simulator_payments')
    .values({ payment_id: paymentId, outcome, amount, currency, at })
    .onConflict((conflict) =>
      conflict
        .column('payment_id')
        .doUpdateSet({ outcome, at })
        .where('simulator_payments.outcome', '=', 'declined'),
    )
    .execute()
}

/** Gives money back once per refund. */
export async function insertSimulatedRefund(
  tx: Tx,
  refund: { id: string; payment_id: string; amount: number },
): Promise<void> {
  await tx
    .insertInto('simulator_refunds')
    .values(refund)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
