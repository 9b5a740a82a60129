import type { Tx } from '../../platform/database/database.ts'
import { noteActivity } from '../learning/index.ts'
import { type AttemptMoment, findUnnotedAttempts } from './active-queries.ts'

/**
 * Notes the moments at which somebody began an attempt or went on with it that are not noted as activity. There should be none.
 * @returns what was missing, `atOnce` at most
 */
export async function repairActivity(tx: Tx, atOnce: number): Promise<readonly AttemptMoment[]> {
  const missing = await findUnnotedAttempts(tx, atOnce)
  for (const moment of missing) await noteActivity(tx, moment)
  return missing
}
