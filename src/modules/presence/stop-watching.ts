import type { Deps } from '../../platform/deps.ts'
import { findReachable } from '../chat/index.ts'
import { personOf, presencePush, topicOf } from './pushes.ts'

/** Of the devices on this node, those that watch somebody who is out of their reach by now stop it; with this person on either side. */
export async function stopWatching(
  { db, sockets }: Pick<Deps, 'db' | 'sockets'>,
  userId: string,
): Promise<void> {
  const watchers = sockets.followers(topicOf(userId)).map((device) => ({ ...device, watches: userId }))
  const watching = sockets
    .devicesOf(userId)
    .flatMap((device) => device.topics.map((topic) => ({ ...device, watches: personOf(topic) ?? userId })))
  const others = new Set([
    ...watchers.map((device) => device.userId),
    ...watching.map(({ watches }) => watches),
  ])
  others.delete(userId)
  if (others.size === 0) return
  // To be in reach is mutual.
  const reachable = await findReachable(db, { userId }, [...others])
  for (const { socketId, userId: by, watches } of [...watchers, ...watching]) {
    const other = by === userId ? watches : by
    if (other === userId || reachable.has(other)) continue
    // A signal of this process is heard twice.
    if (!sockets.unfollow(socketId, topicOf(watches))) continue
    await sockets.pushToDevice(presencePush, socketId, { userId: watches, online: false, lastSeenAt: null })
  }
}
