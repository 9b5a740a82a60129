import type { Tx } from '../../platform/database/database.ts'
import { isPurchaseEnded } from '../enrollments/index.ts'
import { findPaying, type PaymentRow, type Purchase, updateNotPaying } from './queries.ts'

/**
 * The payment that the access to a purchase, which the caller has locked, rests on, or would rest on again after the student gave it
 * up. Where an admin ended the access nothing rests on it any more: the money is the school's to give back, and access costs anew.
 */
export async function findStanding(tx: Tx, purchase: Purchase): Promise<PaymentRow | undefined> {
  const paying = await findPaying(tx, purchase)
  if (!paying || !(await isPurchaseEnded(tx, paying.id))) return paying
  await updateNotPaying(tx, paying.id)
  return undefined
}
