import type { Db } from '../../platform/database/database.ts'
import { findCallsOf } from './queries.ts'
import { secondsOf } from './rules.ts'

const atOnce = 500

/** For the archive of a person: with whom they spoke, when and how long. What was said is nowhere. */
export async function callData(db: Db, userId: string): Promise<Record<string, unknown>> {
  return { calls: readCalls(db, userId) }
}

async function* readCalls(db: Db, userId: string) {
  let after: string | null = null
  for (;;) {
    const rows = await findCallsOf(db, userId, { after, limit: atOnce })
    for (const row of rows) {
      const outgoing = row.caller_id === userId
      yield {
        with: outgoing ? row.callee_id : row.caller_id,
        direction: outgoing ? 'outgoing' : 'incoming',
        media: row.media,
        state: row.state,
        startedAt: row.created_at,
        answeredAt: row.answered_at,
        endedAt: row.ended_at,
        durationSeconds: secondsOf(row),
      }
    }
    const last = rows.at(-1)
    if (rows.length < atOnce || !last) return
    after = last.id
  }
}
