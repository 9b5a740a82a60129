import type { Actor } from '../../platform/actor.ts'
import type { Deps } from '../../platform/deps.ts'
import { findReachable } from '../chat/index.ts'
import { findLastSeen } from './queries.ts'
import type { Presence } from './schemas.ts'

/**
 * How those among these people are whom one may reach.
 * @param found is told who that is before it is looked how they are: who follows them from there on misses no change
 */
export async function readPresence(
  { db, sockets }: Pick<Deps, 'db' | 'sockets'>,
  actor: Pick<Actor, 'userId'>,
  userIds: readonly string[],
  found: (userIds: readonly string[]) => void = () => undefined,
): Promise<Presence[]> {
  const reachable = [...(await findReachable(db, actor, userIds))]
  found(reachable)
  const [online, seen] = await Promise.all([sockets.online(reachable), findLastSeen(db, reachable)])
  return reachable.map((userId) =>
    presenceOf(userId, { online: online.has(userId), seenAt: seen.get(userId) }),
  )
}

export function presenceOf(
  userId: string,
  { online, seenAt }: { online: boolean; seenAt: Date | undefined },
): Presence {
  return { userId, online, lastSeenAt: online ? null : (seenAt ?? null) }
}
