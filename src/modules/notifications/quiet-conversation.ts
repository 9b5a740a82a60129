import type { Static } from 'typebox'
import type { Tx } from '../../platform/database/database.ts'
import type { Deps } from '../../platform/deps.ts'
import type { Fact } from '../../platform/events/events.ts'
import { addJob } from '../../platform/jobs/jobs.ts'
import { type conversationRead, isMessageWaiting } from '../chat/index.ts'
import { pushRead } from './job-types.ts'
import { updateMessagesAsRead } from './people-queries.ts'
import { notificationReadPush } from './pushes.ts'
import { countUnread } from './queries.ts'

/** Who has read a conversation need not be told of it any more. */
export async function quietConversation(
  tx: Tx,
  { at, payload }: Fact<Static<typeof conversationRead.payload>>,
): Promise<void> {
  const { conversationId, userId } = payload
  // Something else was said before this came.
  if (await isMessageWaiting(tx, { conversationId, readerId: userId })) return
  const notificationIds = await updateMessagesAsRead(tx, { userId, conversationId, at })
  if (notificationIds.length > 0) await addJob(tx, pushRead, { userId, notificationIds })
}

/** Tells a reader's devices that some were read elsewhere. */
export async function pushReadOnes(
  { db, sockets }: Deps,
  { userId, notificationIds: ids }: Static<typeof pushRead.payload>,
): Promise<void> {
  await sockets.push(notificationReadPush, [userId], { ids, unread: await countUnread(db, userId) })
}
