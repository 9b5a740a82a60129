import type { Deps } from '../../platform/deps.ts'
import type { PresenceChange } from '../../platform/realtime/roster.ts'
import { presencePush, topicOf } from './pushes.ts'
import { presenceOf } from './read-presence.ts'

/** Tells those who watch how people are now, which may be something else again than the change said. */
export async function tellChange(
  { sockets }: Pick<Deps, 'sockets'>,
  { userIds }: PresenceChange,
  at: Date,
): Promise<void> {
  const online = await sockets.online(userIds)
  await Promise.all(
    userIds.map((userId) => {
      const now = presenceOf(userId, { online: online.has(userId), seenAt: at })
      return sockets.tell(presencePush, topicOf(userId), now)
    }),
  )
}
