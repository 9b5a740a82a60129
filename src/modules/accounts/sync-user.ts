import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { refuse } from '../../platform/http/refusal.ts'
import { newId } from '../../platform/ids.ts'
import { emailTaken } from './errors.ts'
import { emailVerified, identityLinked, userRegistered } from './events.ts'
import {
  deleteNewUser,
  findPerson,
  type IdentityKey,
  insertIdentity,
  lockUserByEmail,
} from './identity-queries.ts'
import { mayLink, type Profile } from './identity-rules.ts'
import { insertUser, updateUser } from './queries.ts'

export interface FirstSight extends IdentityKey {
  readonly profile: Profile
}

/**
 * Finds the user of an outside identity, or links it to the account with its e-mail address, or makes an account: a student, by
 * that role's rights alone. Ask the provider for the profile before: a transaction must not wait for it.
 * @returns the user's id
 * @throws Refusal 409 where the address is another account's that it may not be linked to
 */
export async function syncUser(tx: Tx, cause: Cause, input: FirstSight): Promise<string> {
  // Who loses a race to another request waits for its commit, and finds on the second round what it made.
  const userId = (await findOrMake(tx, cause, input)) ?? (await findOrMake(tx, cause, input))
  if (!userId) throw refuse(emailTaken)
  return userId
}

async function findOrMake(tx: Tx, cause: Cause, input: FirstSight): Promise<string | null> {
  const person = await findPerson(tx, input)
  if (person) return person.userId
  return (await linkToHolder(tx, cause, input)) ?? (await makeUser(tx, cause, input))
}

async function linkToHolder(tx: Tx, cause: Cause, input: FirstSight): Promise<string | null> {
  const { profile, issuer } = input
  const holder = await lockUserByEmail(tx, profile.email)
  if (!holder) return null
  const facts = {
    provenThere: profile.emailVerified,
    provenHere: holder.email_verified_at !== null,
    hasPassword: holder.password_hash !== null,
    hasIdentity: holder.hasIdentity,
  }
  if (!mayLink(facts)) throw refuse(emailTaken, howToLink(facts.provenThere))
  if (!(await insertIdentity(tx, { ...input, userId: holder.id, at: cause.at }))) return null
  if (!facts.provenHere) {
    await updateUser(tx, holder.id, { email_verified_at: cause.at, updated_at: cause.at })
    await publish(tx, emailVerified, { userId: holder.id }, cause)
  }
  await publish(tx, identityLinked, { userId: holder.id, issuer }, cause)
  return holder.id
}

async function makeUser(tx: Tx, cause: Cause, input: FirstSight): Promise<string | null> {
  const { profile, issuer } = input
  const user = await insertUser(tx, {
    id: newId(),
    email: profile.email,
    password_hash: null,
    name: profile.name,
    role: 'student',
    email_verified_at: profile.emailVerified ? cause.at : null,
    created_at: cause.at,
  })
  if (!user) return null
  if (!(await insertIdentity(tx, { ...input, userId: user.id, at: cause.at }))) {
    await deleteNewUser(tx, user.id)
    return null
  }
  await publish(tx, userRegistered, { userId: user.id }, cause)
  await publish(tx, identityLinked, { userId: user.id, issuer }, cause)
  return user.id
}

function howToLink(provenThere: boolean): string {
  return provenThere
    ? 'An account here has this e-mail address, but never proved it. Prove it there (by the link in its mail, or by resetting the password), then try again.'
    : 'An account here has this e-mail address. Verify the address at the identity provider, then try again.'
}
