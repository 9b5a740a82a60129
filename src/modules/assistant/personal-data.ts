import type { Db } from '../../platform/database/database.ts'
import { findOutputsAbout, findUsageOf } from './queries.ts'

const atOnce = 1_000

/** For the archive of a person: when the assistant worked for them, and what it said of their progress. */
export async function assistantData(db: Db, userId: string): Promise<Record<string, unknown>> {
  const feedback = await findOutputsAbout(db, userId)
  return {
    usage: readUsage(db, userId),
    feedback: feedback.map(({ content, created_at }) => ({ text: content, createdAt: created_at })),
  }
}

async function* readUsage(db: Db, userId: string) {
  let after: string | null = null
  for (;;) {
    const page = await findUsageOf(db, userId, { after, limit: atOnce })
    for (const row of page)
      yield {
        task: row.task,
        model: row.model,
        beganAt: row.began_at,
        durationMs: row.ended_at ? row.ended_at.getTime() - row.began_at.getTime() : null,
        outcome: row.outcome,
        fault: row.fault,
        tries: row.tries,
        inputTokens: row.input_tokens,
        outputTokens: row.output_tokens,
      }
    const last = page.at(-1)
    if (!last || page.length < atOnce) return
    after = last.id
  }
}
