import type { Tx } from '../../platform/database/database.ts'
import { holdUser } from './queries.ts'

/** Whether somebody has an account here, suspended or not; held, so that a deletion waits until the transaction ends. */
export async function holdAccount(tx: Tx, userId: string): Promise<boolean> {
  return (await holdUser(tx, userId)) !== undefined
}
