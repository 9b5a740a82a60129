import type { Db } from '../../platform/database/database.ts'
import { findSent } from './message-queries.ts'

const atOnce = 1_000

/** For the archive of a person: what they said, and to whom. What others said to them is the others'. */
export async function chatData(db: Db, userId: string): Promise<Record<string, unknown>> {
  return { messages: readSent(db, userId) }
}

async function* readSent(db: Db, userId: string) {
  let after: string | null = null
  for (;;) {
    const page = await findSent(db, userId, { after, limit: atOnce })
    for (const { id, to, sequence, text, media_id, created_at } of page)
      yield { id, to, sequence, text, mediaId: media_id, createdAt: created_at }
    after = page.at(-1)?.id ?? null
    if (page.length < atOnce) return
  }
}
