import type { Tx } from '../../platform/database/database.ts'
import type { AssistantOutcome } from '../../platform/database/schema.ts'
import { holdAccount } from '../accounts/index.ts'
import { type EndedUsage, type NewOutput, updateUsage, upsertOutput } from './queries.ts'

/**
 * Notes what became of a usage, and keeps the output where there is one. What speaks of somebody who is gone is not kept.
 * @returns the outcome that counts; undefined where whoever asked is gone
 */
export async function recordUsage(
  tx: Tx,
  ended: EndedUsage,
  output: Omit<NewOutput, 'at'> | null,
): Promise<AssistantOutcome | undefined> {
  const about = output?.aboutUserId ?? null
  const present = about === null || (await holdAccount(tx, about))
  const outcome = await updateUsage(tx, ended)
  if (output && present && outcome === 'answered') await upsertOutput(tx, { ...output, at: ended.at })
  return outcome
}
