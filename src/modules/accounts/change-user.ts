import type { Actor, Role } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { lastAdmin } from './errors.ts'
import { userRestored, userRoleChanged, userSuspended, userUpdated } from './events.ts'
import { voidClaimLink } from './link-queries.ts'
import { lockUserAndAdmins, type UserRow, updateUser } from './queries.ts'
import { revokeSessions } from './revoke-sessions.ts'
import { changeOf, leavesNoAdmin, type Standing } from './rules.ts'
import { announceUserChanged } from './user-signals.ts'

export interface Wish {
  readonly name?: string
  readonly role?: Role
  readonly status?: 'active' | 'suspended'
}

/**
 * Changes a person's name, role or status for an admin. Another role, or a suspension, ends all their sessions: what was signed in
 * with other rights must not go on.
 * @returns the person, and the sessions that ended, for `deps.revocations.add` after the commit
 */
export async function changeUser(
  tx: Tx,
  actor: Actor,
  input: { userId: string; wish: Wish },
): Promise<{ user: UserRow; ended: string[] }> {
  const { userId, wish } = input
  const { user: before, admins } = await lockUserAndAdmins(tx, userId)
  if (!before) throw refuse(notFound)
  const change = changeOf(before, wish)
  if (change && leavesNoAdmin(admins, userId, change.to)) throw refuse(lastAdmin)
  const name = wish.name?.trim() ?? before.name
  const user = await updateUser(tx, userId, { name, ...change?.to, updated_at: actor.at })
  if (!user) throw refuse(notFound)
  if (name !== before.name) await publish(tx, userUpdated, { userId, fields: ['name'] }, actor)
  if (!change) return { user, ended: [] }
  await announceUserChanged(tx, userId)
  return { user, ended: await actOn(tx, actor, userId, change) }
}

async function actOn(
  tx: Tx,
  actor: Actor,
  userId: string,
  { from, to }: { from: Standing; to: Standing },
): Promise<string[]> {
  if (to.role === 'admin') await voidClaimLink(tx, actor.at)
  if (from.role !== to.role)
    await publish(tx, userRoleChanged, { userId, from: from.role, to: to.role }, actor)
  if (from.status !== to.status) {
    const event = to.status === 'suspended' ? userSuspended : userRestored
    await publish(tx, event, { userId, from: from.status, to: to.status }, actor)
  }
  if (from.role === to.role && to.status === 'active') return []
  const reason = to.status === 'suspended' ? 'suspended' : 'role_changed'
  return revokeSessions(tx, actor, { userId, reason })
}
