import type { Actor, Role } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { refuse } from '../../platform/http/refusal.ts'
import { newId } from '../../platform/ids.ts'
import { emailTaken } from './errors.ts'
import { userCreated } from './events.ts'
import { voidClaimLink } from './link-queries.ts'
import { offerLink } from './offer-link.ts'
import { insertUser, type UserRow } from './queries.ts'
import { invitationSeconds } from './rules.ts'

/** Makes an account for somebody, in any role. Without a password they are invited by mail to choose one. */
export async function createUser(
  tx: Tx,
  actor: Actor,
  input: { email: string; name: string; role: Role; passwordHash: string | null },
): Promise<UserRow> {
  const { email, name, role, passwordHash } = input
  const user = await insertUser(tx, {
    id: newId(),
    email,
    password_hash: passwordHash,
    name: name.trim(),
    role,
    created_at: actor.at,
  })
  if (!user) throw refuse(emailTaken)
  if (role === 'admin') await voidClaimLink(tx, actor.at)
  const invited = passwordHash === null
  await publish(tx, userCreated, { userId: user.id, role, invited }, actor)
  if (invited) await offerLink(tx, actor, { purpose: 'password_reset', user, seconds: invitationSeconds })
  return user
}
