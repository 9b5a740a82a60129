import type { Db } from '../../platform/database/database.ts'
import { findReachable } from '../chat/index.ts'
import { findBlocked } from '../friends/index.ts'

/** Kinds of what one person did that another hears of. */
export type PersonKind = 'friend_request' | 'message' | 'missed_call'

/** Those of these people of whom somebody is to hear by this kind: a block also takes what it finds on its way. */
export async function findHeard(
  db: Db,
  kind: PersonKind,
  { readerId, personIds }: { readerId: string; personIds: readonly string[] },
): Promise<ReadonlySet<string>> {
  if (kind !== 'friend_request') return findReachable(db, { userId: readerId }, personIds)
  const blocked = await findBlocked(db, readerId, personIds)
  return new Set(personIds.filter((id) => !blocked.has(id)))
}
