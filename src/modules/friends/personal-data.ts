import type { Db } from '../../platform/database/database.ts'
import { listBlocks } from './block-queries.ts'
import { listFriends, listRequests } from './queries.ts'

const most = 10_000

/** For the archive of a person: friends, requests, and whom they blocked. Who blocked them is not theirs to know. */
export async function friendData(db: Db, userId: string): Promise<Record<string, unknown>> {
  const page = { after: null, limit: most }
  const friends = await listFriends(db, userId, page)
  const incoming = await listRequests(db, 'to_id', userId, page)
  const outgoing = await listRequests(db, 'from_id', userId, page)
  const blocks = await listBlocks(db, userId, page)
  return {
    friends: friends.map(({ person, accepted_at }) => ({ userId: person.id, since: accepted_at })),
    friendRequests: [...incoming, ...outgoing].map(({ id, from_id, to_id, requested_at }) => ({
      id,
      from: from_id,
      to: to_id,
      createdAt: requested_at,
    })),
    blocks: blocks.map(({ blocked_id, created_at }) => ({ userId: blocked_id, since: created_at })),
  }
}
