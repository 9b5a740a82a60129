import type { Db } from '../../platform/database/database.ts'
import { presentPayment, presentRefund } from './present.ts'
import { findPaymentsOfUser } from './queries.ts'
import { findRefundsOfUser } from './refund-queries.ts'

/** For the archive of a person: what they were ever asked to pay, and what went back. */
export async function paymentData(db: Db, userId: string): Promise<Record<string, unknown>> {
  const refunds = await findRefundsOfUser(db, userId)
  return {
    payments: (await findPaymentsOfUser(db, userId)).map(presentPayment),
    refunds: refunds.map(presentRefund),
  }
}
