import type { Actor } from '../../platform/actor.ts'
import type { Config } from '../../platform/config.ts'
import type { Db } from '../../platform/database/database.ts'
import { isIdKey, readPage, toPage } from '../../platform/http/pagination.ts'
import { presentCall } from './present.ts'
import { findCallsOf } from './queries.ts'

/** A page of somebody's calls, newest first; one that rings or goes on is among them. */
export async function listCalls(
  db: Db,
  actor: Actor,
  { query, config }: { query: { limit?: number; cursor?: string }; config: Config },
) {
  const { limit, after } = readPage(query, isIdKey)
  const rows = await findCallsOf(db, actor.userId, { after, limit: limit + 1 })
  const { items, nextCursor } = toPage(rows, limit, (row) => row.id)
  return { items: items.map((row) => presentCall(row, actor.userId, config)), nextCursor }
}
