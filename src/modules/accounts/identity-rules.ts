import type { JWTPayload } from 'jose'

/** What is known of a person at the identity provider. */
export interface Profile {
  readonly email: string
  readonly emailVerified: boolean
  readonly name: string
}

const mostEmail = 254
const mostName = 120

/** The profile in OpenID Connect's standard claims (Core 1.0, section 5.1); null without a usable e-mail address. */
export function readProfile(claims: JWTPayload): Profile | null {
  const email = words(claims.email)
  if (email.length > mostEmail || !/^[^\s@]+@[^\s@]+$/.test(email)) return null
  const whole = words(claims.name) || `${words(claims.given_name)} ${words(claims.family_name)}`.trim()
  const name = whole || words(claims.preferred_username) || words(claims.nickname) || email.split('@')[0]
  return {
    email,
    // Nothing but the boolean: an address that only looks verified would open somebody else's account.
    emailVerified: claims.email_verified === true,
    name: [...(name ?? email)].slice(0, mostName).join('').trim(),
  }
}

function words(claim: unknown): string {
  return typeof claim === 'string' ? claim.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim() : ''
}

/** What stands between an outside identity and the account here that has its e-mail address. */
export interface LinkFacts {
  /** The provider says that the address is the bearer's. */
  readonly provenThere: boolean
  /** The address was verified here. */
  readonly provenHere: boolean
  readonly hasPassword: boolean
  readonly hasIdentity: boolean
}

/**
 * Whether an outside identity may take the account of its e-mail address. Both sides must know whose address it is: the bearer's,
 * or they would take over the account; the account's, or whoever made it in their name would share it. An account that nobody can
 * have signed in to yet (an admin made it) is as good as verified.
 */
export function mayLink({ provenThere, provenHere, hasPassword, hasIdentity }: LinkFacts): boolean {
  return provenThere && (provenHere || (!hasPassword && !hasIdentity))
}
