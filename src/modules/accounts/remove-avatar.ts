import { Type } from 'typebox'
import type { Deps } from '../../platform/deps.ts'
import { Id } from '../../platform/ids.ts'
import { defineJob } from '../../platform/jobs/jobs.ts'
import { findUser } from './queries.ts'

export const removeAvatar = defineJob(
  'accounts.remove-avatar',
  Type.Object({ userId: Id, key: Type.String() }),
)

/** Deletes a stored picture, unless it is the person's now: keys are never used again. */
export async function removeUnusedAvatar(
  { db, storage }: Deps,
  { userId, key }: { userId: string; key: string },
): Promise<void> {
  const user = await findUser(db, userId)
  if (user?.avatar_key !== key) await storage.delete(key)
}
