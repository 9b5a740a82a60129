import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import type { UserRole } from '../../platform/database/schema.ts'
import { publish } from '../../platform/events/events.ts'
import { refuse } from '../../platform/http/refusal.ts'
import { newId } from '../../platform/ids.ts'
import { emailTaken } from './errors.ts'
import { userRegistered } from './events.ts'
import { insertUser, type UserRow } from './queries.ts'

export interface NewUser {
  readonly email: string
  readonly passwordHash: string | null
  readonly name: string
  readonly role: UserRole
  readonly emailVerified?: boolean
  readonly demo?: boolean
}

/** Makes an account. Hash the password before: hashing is slow, and a transaction must not wait for it. */
export async function registerUser(tx: Tx, cause: Cause, input: NewUser): Promise<UserRow> {
  const user = await insertUser(tx, {
    id: newId(),
    email: input.email,
    password_hash: input.passwordHash,
    name: input.name.trim(),
    role: input.role,
    email_verified_at: input.emailVerified ? cause.at : null,
    demo: input.demo ?? false,
    created_at: cause.at,
  })
  if (!user) throw refuse(emailTaken)
  await publish(tx, userRegistered, { userId: user.id }, cause)
  return user
}
