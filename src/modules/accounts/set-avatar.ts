import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { refuse, unauthenticated } from '../../platform/http/refusal.ts'
import { addJob } from '../../platform/jobs/jobs.ts'
import { userUpdated } from './events.ts'
import { lockUser, type UserRow, updateUser } from './queries.ts'
import { removeAvatar } from './remove-avatar.ts'

/** Gives a person the stored picture, or none; the one before is deleted after the commit. */
export async function setAvatar(tx: Tx, actor: Actor, input: { key: string | null }): Promise<UserRow> {
  const { userId, at } = actor
  const before = await lockUser(tx, userId)
  const user = before && (await updateUser(tx, userId, { avatar_key: input.key, updated_at: at }))
  if (!user) throw refuse(unauthenticated)
  if (before.avatar_key) await addJob(tx, removeAvatar, { userId, key: before.avatar_key })
  if (before.avatar_key !== input.key) await publish(tx, userUpdated, { userId, fields: ['avatar'] }, actor)
  return user
}
