import type { Tx } from '../../platform/database/database.ts'
import type { Log } from '../../platform/log.ts'
import { findWrongResults, updateResultFromAttempts } from './result-queries.ts'

/**
 * Compares the results with the attempts they are made of. What differs is a fault of ours: it is logged, and repaired.
 * @returns how many differed, `atOnce` at most
 */
export async function rebuildResults(tx: Tx, log: Log, atOnce: number): Promise<number> {
  const wrong = await findWrongResults(tx, atOnce)
  for (const { enrollment_id: enrollmentId, quiz_id: quizId, kept, right } of wrong) {
    log.error({ enrollmentId, quizId, kept, right }, 'a quiz result was not what its attempts say')
    await updateResultFromAttempts(tx, { enrollmentId, quizId })
  }
  return wrong.length
}
