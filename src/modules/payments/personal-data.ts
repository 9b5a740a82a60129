import type { Db } from '../../platform/database/database.ts'
import { presentPayment } from './present.ts'
import { findPaymentsOfUser } from './queries.ts'

/** For the archive of a person: what they were ever asked to pay. */
export async function paymentData(db: Db, userId: string): Promise<Record<string, unknown>> {
  return { payments: (await findPaymentsOfUser(db, userId)).map(presentPayment) }
}
