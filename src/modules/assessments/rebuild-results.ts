import type { Tx } from '../../platform/database/database.ts'
import { findWrongResults, updateResultFromAttempts, type WrongResult } from './result-queries.ts'

/**
 * Compares the results with the attempts they are made of, and repairs those that differ. There should be none: a difference is a fault
 * of ours.
 * @returns what differed, `atOnce` at most
 */
export async function rebuildResults(tx: Tx, atOnce: number): Promise<readonly WrongResult[]> {
  const wrong = await findWrongResults(tx, atOnce)
  for (const { enrollmentId, quizId } of wrong) await updateResultFromAttempts(tx, { enrollmentId, quizId })
  return wrong
}
