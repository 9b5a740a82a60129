import type { Actor } from '../../platform/actor.ts'
import type { Db } from '../../platform/database/database.ts'
import { isMediaInChatOf } from './message-queries.ts'

/** A file that was sent is seen by the two of its conversation. */
export async function showsMedia(db: Db, actor: Actor | null, mediaId: string): Promise<boolean> {
  return actor !== null && isMediaInChatOf(db, { mediaId, userId: actor.userId })
}
