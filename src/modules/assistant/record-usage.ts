import type { Tx } from '../../platform/database/database.ts'
import type { AssistantOutcome } from '../../platform/database/schema.ts'
import { holdAccount } from '../accounts/index.ts'
import { announceAnswer } from './answer-signals.ts'
import { deleteAsking, type EndedUsage, type NewOutput, updateUsage, upsertOutput } from './queries.ts'

/**
 * Notes what became of a usage, keeps the output where there is one, lets go of the question, and tells those who wait for its answer. What speaks of somebody who is gone is not kept.
 * @returns the outcome that counts; undefined where whoever asked is gone
 */
export async function recordUsage(
  tx: Tx,
  ended: EndedUsage,
  { key, output }: { key: string; output: Omit<NewOutput, 'at' | 'key'> | null },
): Promise<AssistantOutcome | undefined> {
  const about = output?.aboutUserId ?? null
  const present = about === null || (await holdAccount(tx, about))
  const outcome = await updateUsage(tx, ended)
  if (output && present && outcome === 'answered') await upsertOutput(tx, { key, ...output, at: ended.at })
  await deleteAsking(tx, ended.id)
  await announceAnswer(tx, key, outcome ?? 'left')
  return outcome
}
